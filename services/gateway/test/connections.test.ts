import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@quotemaster/testkit';
import { startEdge } from './support/edge.ts';
import type { Edge } from './support/edge.ts';

const mebibyte = Buffer.alloc(1_048_576, 0x78);

describe('connections', () => {
  let edge: Edge;
  let stopped = false;
  beforeEach(async () => {
    stopped = false;
    edge = await startEdge();
  });
  afterEach(async () => {
    if (!stopped) await edge.stop();
  });

  const open = (): Socket => connect(edge.gateway.port, '127.0.0.1');
  const head = (lines: readonly string[]): string =>
    `${['POST /v1/quotes/generate HTTP/1.1', 'Host: x', 'Content-Type: application/json', ...lines].join('\r\n')}\r\n\r\n`;
  const mine = (): string => `Authorization: Bearer ${edge.token()}`;

  describe('whose body nobody reads', () => {
    it.each([
      ['one announced as too long', 413, () => [mine(), 'Content-Length: 400000']],
      ['one of another type', 415, () => [mine(), 'Content-Length: 60000', 'Content-Encoding: br']],
      ['one of somebody unknown', 401, () => ['Content-Length: 60000']],
    ])('bring the answer to %s at once, while the body is still on its way', async (_, status, lines) => {
      const socket = open();
      socket.write(head(lines()));
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(new RegExp(`^HTTP/1\\.1 ${String(status)} `));
      socket.destroy();
    });

    it('go on to the next request after the rest of a small one', async () => {
      const socket = open();
      socket.write(head(['Content-Length: 60000']));
      await once(socket, 'data');
      socket.write(mebibyte.subarray(0, 60_000));
      socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
      const [next] = (await once(socket, 'data')) as [Buffer];
      expect(next.toString()).toMatch(/^HTTP\/1\.1 200 /);
      socket.destroy();
    });

    it('answer one that grows too long on the way before its end has come', async () => {
      const socket = open();
      socket.write(head([mine(), 'Transfer-Encoding: chunked']));
      socket.write(`20000\r\n${'x'.repeat(0x20000)}\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
      socket.destroy();
    });

    it('are cut when the rest has no end', async () => {
      const socket = open();
      socket.on('error', () => undefined);
      const closed = once(socket, 'close');
      let answer = '';
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      socket.write(head([mine(), 'Content-Length: 100000000']));
      await waitUntil('the answer is there', () => answer.startsWith('HTTP/1.1 413 '));
      const drip = setInterval(() => socket.write(mebibyte.subarray(0, 1_000)), 50);
      await closed;
      clearInterval(drip);
      expect(socket.bytesWritten).toBeLessThan(mebibyte.length);
    });

    it('are asked for no body that will not be read', async () => {
      const socket = open();
      socket.write(head([mine(), 'Content-Length: 400000', 'Expect: 100-continue']));
      const [refused] = (await once(socket, 'data')) as [Buffer];
      expect(refused.toString()).toMatch(/^HTTP\/1\.1 413 /);
      socket.destroy();
      const wanted = open();
      wanted.write(head([mine(), 'Content-Length: 14', 'Expect: 100-continue']));
      const [asked] = (await once(wanted, 'data')) as [Buffer];
      expect(asked.toString()).toMatch(/^HTTP\/1\.1 100 /);
      wanted.write('{"prompt":"a"}');
      const [answer] = (await once(wanted, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 201 /);
      wanted.destroy();
    });
  });

  it('that end in the middle of a body are no failure of ours', async () => {
    const socket = open();
    socket.write(head([mine(), 'Content-Length: 1000']));
    socket.write('{"prompt":');
    await waitUntil('the body is awaited', async () =>
      /rate_limit_decisions_total\{[^}]*generate/.test(await edge.metrics.registry.metrics()),
    );
    socket.destroy();
    await waitUntil('it is logged', () => edge.log.lines.some((line) => line['status'] === 499));
    expect(edge.log.lines.filter((line) => line['msg'] === 'a request failed')).toEqual([]);
  });

  it('that are kept are told to close, and a stop waits for nothing but answers', async () => {
    const agent = new Agent({ keepAlive: true });
    let release: (answer: object) => void = () => undefined;
    let began = false;
    edge.on(
      'ListQuotes',
      () =>
        new Promise((resolve) => {
          release = resolve;
          began = true;
        }),
    );
    const get = (path: string) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        httpRequest(`${edge.url}${path}`, { agent, headers: { authorization: `Bearer ${edge.token()}` } }, resolve)
          .on('error', reject)
          .end();
      });
    (await get('/livez')).resume();
    const pending = get('/v1/quotes');
    await waitUntil('the call is there', () => began);
    const stopping = edge.gateway.stop();
    expect(edge.gateway.isReady()).toBe(false);
    release({ items: [] });
    const answer = await pending;
    expect([answer.statusCode, answer.headers.connection]).toEqual([200, 'close']);
    answer.resume();
    const answeredAt = performance.now();
    await stopping;
    // Far from the 8 s after which the stop cuts what is left.
    expect(performance.now() - answeredAt).toBeLessThan(4_000);
    agent.destroy();
    stopped = true;
    await edge.user.stop();
    await edge.quote.stop();
  });

  it('are cut when their answers outlast the time that a stop gives them', async () => {
    const hasty = await startEdge({ config: { drainMs: 200 } });
    let began = false;
    let cancelled = false;
    hasty.on('GenerateQuotes', (_, call) => {
      began = true;
      return new Promise((resolve) => {
        call.signal.addEventListener('abort', () => {
          cancelled = true;
          resolve({});
        });
      });
    });
    const refused = expect(hasty.request('POST', '/v1/quotes/generate', { body: { prompt: 'a' } })).rejects.toThrow();
    await waitUntil('the call is there', () => began);
    await hasty.stop();
    await refused;
    expect(cancelled).toBe(true);
  });
});
