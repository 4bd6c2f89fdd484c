import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEdge } from './support/edge.ts';
import type { Edge } from './support/edge.ts';

describe('what is hardly HTTP', () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await startEdge();
  });
  afterAll(() => edge.stop());

  const send = async (text: string): Promise<string> => {
    const socket = connect(edge.gateway.port, '127.0.0.1');
    socket.write(text);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return answer.toString();
  };

  it.each([
    ['an absolute address', 'http://elsewhere.example.org/livez', 200],
    ['an address with a port that is none', 'http://a:99999/', 302],
    ['an address without a host', 'http://', 404],
    ['two slashes', '//', 404],
    ['a star', '*', 404],
    ['a broken bracket', 'http://[/v1/quotes', 404],
  ])('is answered: %s', async (_, target, status) => {
    expect(await send(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(new RegExp(`^HTTP/1\\.1 ${String(status)} `));
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['two lengths', 'POST /v1/quotes HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
    ['a length and chunks', 'POST /v1/quotes HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['headers without end', `GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('is refused as a problem: %s', async (_, text, status) => {
    const answer = await send(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${String(status)} `));
    expect(answer).toContain('application/problem+json');
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toMatchObject({ status, code: 'common.invalid_request' });
  });
});
