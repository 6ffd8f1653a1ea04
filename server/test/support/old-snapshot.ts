import { crc32 } from 'node:zlib';

/** A file of one block without cells as version 1 had it: the JSON of its only piece in that of the block. */
export function asVersion1(file: Buffer): Buffer {
  const [header, blockAt] = readJson(file, 12);
  const [block, pieceAt] = readJson(file, blockAt);
  const [piece, planesAt] = readJson(file, pieceAt);
  const { tag, dims, rows, blocks } = header;
  const whole = Buffer.concat([
    file.subarray(0, 8),
    uint32(1),
    sized({ tag, dims, rows, blocks }),
    sized({ category: block['category'], ...piece }),
    file.subarray(planesAt, -4),
  ]);
  return Buffer.concat([whole, uint32(crc32(whole))]);
}

function readJson(file: Buffer, at: number): [value: Record<string, unknown>, next: number] {
  const next = at + 4 + file.readUInt32LE(at);
  return [JSON.parse(file.toString('utf8', at + 4, next)) as Record<string, unknown>, next];
}

function sized(value: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(value));
  return Buffer.concat([uint32(json.length), json]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
