import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { httpFetch } from './http-client.ts';

let server: Server | undefined;
async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
}
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

describe('what the SDKs fetch with', () => {
  it('carries method, headers and text there, and status, headers and text back', async () => {
    const url = await serve((request, response) => {
      const { method, headers } = request;
      request.setEncoding('utf8').on('data', (body: string) => {
        response
          .writeHead(418, { 'x-one': 'two' })
          .end(JSON.stringify({ method, key: headers['x-key'], encoding: headers['accept-encoding'], body }));
      });
    });
    const response = await httpFetch(url, { method: 'POST', headers: new Headers({ 'x-key': 'k' }), body: 'words' });
    expect(response).toMatchObject({ status: 418, ok: false });
    expect(response.headers.get('x-one')).toBe('two');
    expect(await response.json()).toEqual({ method: 'POST', key: 'k', encoding: 'identity', body: 'words' });
  });

  it('sends forms, as recordings are', async () => {
    let type: string | undefined;
    const url = await serve((request, response) => {
      type = request.headers['content-type'];
      request.resume().on('end', () => response.end('{}'));
    });
    const form = new FormData();
    form.set('file', new Blob(['sound']), 'a.wav');
    expect((await httpFetch(url, { method: 'POST', body: form })).status).toBe(200);
    expect(type).toMatch(/^multipart\/form-data; boundary=/);
  });

  it('follows no redirect, which would carry the key elsewhere', async () => {
    let calls = 0;
    const url = await serve((_, response) => {
      calls += 1;
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect((await httpFetch(url, { method: 'POST', body: '{}' })).status).toBe(307);
    const form = new FormData();
    form.set('file', new Blob(['sound']), 'a.wav');
    expect((await httpFetch(url, { method: 'POST', body: form })).status).toBe(307);
    expect(calls).toBe(2);
  });

  it('reads no answer longer than any provider gives', async () => {
    const url = await serve((_, response) => {
      response.write('[');
      const chunk = Buffer.alloc(8_388_608, ' ');
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    });
    const response = await httpFetch(url);
    await expect(response.text()).rejects.toMatchObject({ code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });
  });

  it('hangs up when the signal fires, before the answer and in the middle of it', async () => {
    let closed = 0;
    const url = await serve((request, response) => {
      response.on('close', () => (closed += 1));
      if (request.url === '/begun') response.write('data: 1\n\n');
    });
    const silent = new AbortController();
    const waiting = httpFetch(url, { signal: silent.signal });
    setTimeout(() => silent.abort(new Error('enough')), 50);
    await expect(waiting).rejects.toThrow('enough');

    const begun = new AbortController();
    const { body } = await httpFetch(`${url}begun`, { signal: begun.signal });
    const read = (async () => {
      for await (const piece of body as AsyncIterable<Uint8Array>) begun.abort(new Error(`enough of ${String(piece.length)}`));
    })();
    await expect(read).rejects.toThrow('enough');
    while (closed < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  });
});
