import { EventEmitter, once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { afterEach, describe, expect, test } from '@jest/globals';

import { OPERATOR_PREFIX } from '../../src/http/operators/operator-paths.ts';
import { withObserved } from '../support/observed-server.ts';
import { OperatorCalls, type OperatorAnswer } from '../support/operator-calls.ts';
import { withFolder } from '../support/stored-catalog.ts';
import { tellPpm } from '../support/told-vision.ts';

const PICTURE = Buffer.from(tellPpm({ vector: [1, 0, 0, 0], note: 'from elsewhere' }));
const IMAGE = { library_name: 'tops', image_id: 'p1', image_uri: 'front' };

let images: Server | undefined;

afterEach(() => {
  images?.closeAllConnections();
  images?.close();
});

/** Runs with a library, and a host of pictures that the server may fetch from. */
async function withImages(
  listener: RequestListener,
  use: (calls: OperatorCalls, url: string, port: number) => Promise<void>,
): Promise<void> {
  images = createServer(listener).listen(0, '127.0.0.1');
  await once(images, 'listening');
  const host = `127.0.0.1:${(images.address() as AddressInfo).port}`;
  await withFolder((folder) =>
    withObserved(folder, { environment: { LIKENESS_FETCH_HOSTS: host } }, async ({ port }) => {
      const calls = new OperatorCalls(port);
      await calls.post('library/create', { library_name: 'tops', mode: 'general_search' });
      await use(calls, `http://${host}/top.jpg`, port);
    }),
  );
}

const servePicture: RequestListener = (_request, response) => void response.end(PICTURE);

const serveNothing: RequestListener = (request, response) => {
  if (request.url === '/inside') response.writeHead(302, { location: 'http://[::1]/' });
  else response.writeHead(404);
  response.end();
};

function invalid(why: string): object {
  const message = `The picture cannot be fetched from the URL: ${why}.`;
  return { http: 400, status: 'INVALID_IMAGE', message };
}

function outcome({ http, status, message }: OperatorAnswer): unknown {
  return { http, status, message };
}

describe('image_url', () => {
  test('adds the picture that is there, byte for byte', async () => {
    await withImages(servePicture, async (calls, image_url) => {
      const added = await calls.post('image/add', { ...IMAGE, image_url, tags: { color: 'red' } });
      expect(added).toMatchObject({ http: 200, data: { image_uri: 'front' } });
      const { data } = await calls.post('image/query', IMAGE);
      expect(data).toMatchObject({ images: [{ image_base64: PICTURE.toString('base64') }] });
    });
  });

  test('is not looked at where the list does not have its host, and not beside a picture', async () => {
    await withImages(serveNothing, async (calls, url) => {
      const refusal = async (image_url: string, more: object = {}): Promise<unknown> =>
        outcome(await calls.post('image/add', { ...IMAGE, image_url, ...more }));
      expect(await refusal('http://169.254.169.254/latest/meta-data')).toEqual(
        invalid('its host is not on the list'),
      );
      expect(await refusal(url)).toEqual(invalid('the host answered with status 404'));
      expect(await refusal(url.replace('top.jpg', 'inside'))).toEqual(
        invalid('it redirects to a host that is not on the list'),
      );
      expect(await refusal(url, { image_base64: PICTURE.toString('base64') })).toMatchObject({
        http: 400,
        status: 'INVALID_PARAMETER',
        message: expect.stringContaining('either image_base64 or image_url'),
      });
      expect((await calls.post('image/query', { ...IMAGE })).http).toBe(404);
    });
  });

  test('is let go of when the client has gone', async () => {
    const asked = new EventEmitter();
    const serve: RequestListener = ({ socket }) => void asked.emit('asked', socket);
    await withImages(serve, async (_calls, image_url, port) => {
      const client = new AbortController();
      const isAsked = once(asked, 'asked') as Promise<[Socket]>;
      const request = fetch(`http://127.0.0.1:${port}${OPERATOR_PREFIX}/image/add`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...IMAGE, image_url }),
        signal: client.signal,
      });
      const [socket] = await isAsked;
      const isClosed = once(socket, 'close');
      client.abort();
      await expect(request).rejects.toMatchObject({ name: 'AbortError' });
      await isClosed;
    });
  });
});
