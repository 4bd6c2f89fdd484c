// What a server costs that does nothing of ours: `node`, `express` (both answer JSON) or `proxy` (to TARGET). Run by edge.ts, on PORT.
import { Agent, createServer, request as httpRequest } from 'node:http';
import express from 'express';

const answer = JSON.parse(process.env['ANSWER'] ?? '{}') as object;
const port = Number(process.env['PORT']);
const kind = process.argv[2];

if (kind === 'express') {
  const app = express();
  app.get('/v1/quotes/:id', (_, response) => {
    response.json(answer);
  });
  app.listen(port, '127.0.0.1');
} else if (kind === 'proxy') {
  const target = new URL(process.env['TARGET'] ?? '');
  const agent = new Agent({ keepAlive: true });
  createServer((request, response) => {
    const { method, url: path, headers } = request;
    const onward = httpRequest({ hostname: target.hostname, port: target.port, method, path, headers, agent }, (back) => {
      response.writeHead(back.statusCode ?? 502, back.headers);
      back.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }).listen(port, '127.0.0.1');
} else {
  createServer((_, response) => {
    const body = JSON.stringify(answer);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
  }).listen(port, '127.0.0.1');
}
