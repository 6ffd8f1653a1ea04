import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { encodeFrame, FrameReader, type Frame } from './frames.ts';

function asText({ head, body }: Frame): string {
  return `${JSON.stringify(head)} ${Buffer.from(body).toString('hex')}`;
}

describe('FrameReader', () => {
  test('puts frames together however the pipe cuts them', () => {
    const frame = fc.record({
      head: fc.jsonValue(),
      body: fc.uint8Array({ maxLength: 200 }),
    });
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
        (frames, cuts) => {
          const sent = Buffer.concat(frames.flatMap((one) => encodeFrame(one)));
          const reader = new FrameReader();
          const read: string[] = [];
          for (let at = 0, i = 0; at < sent.length; i += 1) {
            const next = at + (cuts[i % cuts.length] ?? 1);
            read.push(...reader.push(sent.subarray(at, next)).map(asText));
            at = next;
          }
          expect(read).toEqual(frames.map(asText));
        },
      ),
      { seed: 20_261_121 },
    );
  });

  test('takes a picture that is larger than its room, and small ones after it', () => {
    const reader = new FrameReader();
    for (const length of [3_000_000, 0, 5000, 2_000_000]) {
      const body = Buffer.alloc(length, 'picture');
      const sent = Buffer.concat(encodeFrame({ head: { length }, body }));
      const read: string[] = [];
      for (let at = 0; at < sent.length;) {
        const count = Math.min(reader.room.length, sent.length - at);
        reader.room.set(sent.subarray(at, at + count));
        read.push(...reader.take(count).map(asText));
        at += count;
      }
      expect(read).toEqual([asText({ head: { length }, body })]);
    }
  });

  test.each([
    ['a frame that is too long', Buffer.alloc(16, 255)],
    ['a head that is no JSON', Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0x7b])],
  ])('refuses %s', (_, bytes) => {
    expect(() => new FrameReader().push(bytes)).toThrow();
  });
});
