import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RpcCall } from '@quotemaster/rpc';
import { waitUntil } from '@quotemaster/testkit';
import { startEdge } from './support/edge.ts';
import type { Edge } from './support/edge.ts';

const delta = (text: string) => ({ event: { case: 'delta', value: { index: 0, text } } });

describe('the events of a generation', () => {
  let edge: Edge;
  beforeEach(async () => {
    edge = await startEdge();
  });
  afterEach(() => edge.stop());

  const begin = async (headers: Record<string, string> = {}): Promise<IncomingMessage> => {
    const request = httpRequest(`${edge.url}/v1/quotes/generate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${edge.token()}`, accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
    });
    request.on('error', () => undefined);
    request.end('{"prompt":"a"}');
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  };

  it('survive the news, at their end, that they are those of an earlier call', async () => {
    edge.on('StreamGenerateQuotes', async function* (_: unknown, call: RpcCall) {
      call.setReplayed();
      yield delta('Wo');
    } as never);
    const answer = await edge.request('POST', '/v1/quotes/generate', {
      body: { prompt: 'a' },
      headers: { accept: 'text/event-stream', 'idempotency-key': 'k' },
    });
    expect(answer.text).toContain('event: delta');
    expect((await edge.request('GET', '/livez')).status).toBe(200);
  });

  it('wait for a reader who is slow, rather than pile up', async () => {
    let made = 0;
    let cancelled = false;
    const text = 'x'.repeat(16_384);
    edge.on('StreamGenerateQuotes', async function* (_: unknown, call: RpcCall) {
      call.signal.addEventListener('abort', () => (cancelled = true));
      for (;;) {
        made += 1;
        yield delta(text);
      }
    } as never);
    const response = await begin();
    response.pause();
    let before = -1;
    await waitUntil(
      'no more is made',
      async () => {
        const still = made === before;
        before = made;
        await new Promise((resolve) => setTimeout(resolve, 100));
        return still && made > 1;
      },
      { timeoutMs: 10_000 },
    );
    const heldBack = made;
    const read = once(response, 'data');
    response.resume();
    await read;
    await waitUntil('it goes on', () => made > heldBack);
    response.destroy();
    await waitUntil('it is cancelled', () => cancelled, { timeoutMs: 1_000 });
  });

  it('begin at once with the first, and an empty stream is an empty answer', async () => {
    let release: () => void = () => undefined;
    edge.on('StreamGenerateQuotes', async function* () {
      yield delta('first');
      await new Promise<void>((resolve) => (release = resolve));
      yield delta('last');
    } as never);
    const response = await begin();
    const [chunk] = (await once(response, 'data')) as [Buffer];
    expect(chunk.toString()).toContain('"first"');
    release();
    const [next] = (await once(response, 'data')) as [Buffer];
    expect(next.toString()).toContain('"last"');
    edge.on('StreamGenerateQuotes', async function* () {} as never);
    const empty = await begin();
    expect([empty.statusCode, empty.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
    empty.resume();
    await once(empty, 'end');
  });
});
