/** `node:http` alone: takes a body whole and sends it back. Answers with the port that it listens on. */
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    response.setHeader('Content-Length', body.length);
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => process.send('ready'));
process.on('message', () => process.send({ port: server.address().port }));
