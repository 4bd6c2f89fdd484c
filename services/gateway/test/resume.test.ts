import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RpcCall } from '@quotemaster/rpc';
import { waitUntil } from '@quotemaster/testkit';
import { startEdge } from './support/edge.ts';
import type { Edge } from './support/edge.ts';

const delta = (text: string) => ({ event: { case: 'delta', value: { index: 0, text } } });

/** An answer whose events are read as they come. */
interface Reading {
  readonly response: IncomingMessage;
  readonly text: () => string;
  readonly ids: () => number[];
  readonly ended: Promise<unknown>;
}

describe('a stream that is taken up again', () => {
  let edge: Edge;
  /** What the model says next, and whether it was told to stop. */
  let say: (text: string) => void;
  let finish: () => void;
  let cancelled: boolean;
  let asked: number;
  const responses: IncomingMessage[] = [];

  beforeEach(async () => {
    edge = await startEdge();
    asked = 0;
    cancelled = false;
    edge.on('StreamGenerateQuotes', async function* (_: unknown, call: RpcCall) {
      asked += 1;
      const words: (string | undefined)[] = [];
      let wake: () => void = () => undefined;
      const push = (word: string | undefined): void => {
        words.push(word);
        wake();
      };
      say = push;
      finish = () => push(undefined);
      call.signal.addEventListener('abort', () => {
        cancelled = true;
        finish();
      });
      for (;;) {
        if (words.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        if (words.length === 0) continue;
        const word = words.shift();
        if (word === undefined) return;
        yield delta(word);
      }
    } as never);
  });
  afterEach(async () => {
    for (const response of responses.splice(0)) response.destroy();
    await edge.stop();
  });

  async function read(headers: Record<string, string> = {}, prompt = 'a'): Promise<Reading> {
    const request = httpRequest(`${edge.url}/v1/quotes/generate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${edge.token()}`, accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
    });
    request.on('error', () => undefined);
    request.end(JSON.stringify({ prompt }));
    const before = asked;
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    // A new stream answers with its first event.
    if (headers['last-event-id'] === undefined) {
      await Promise.race([answered, waitUntil('the model is asked', () => asked > before)]);
      if (asked > before) say('one');
    }
    const [response] = await answered;
    responses.push(response);
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    response.on('error', () => undefined);
    return {
      response,
      text: () => text,
      ids: () => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id)),
      ended: once(response, 'end'),
    };
  }
  const has = (reading: Reading, ...ids: number[]) =>
    waitUntil(`events ${ids.join()}`, () => JSON.stringify(reading.ids()) === JSON.stringify(ids));
  const key = { 'idempotency-key': 'k' };

  it('goes on from the event that its caller had last, with what came meanwhile, and is the same call', async () => {
    const first = await read(key);
    say('two');
    await has(first, 1, 2);
    first.response.destroy();
    say('three');
    const second = await read({ ...key, 'last-event-id': '1' });
    await has(second, 2, 3);
    say('four');
    finish();
    await second.ended;
    expect(second.ids()).toEqual([2, 3, 4]);
    expect(second.text()).toContain('"four"');
    expect([asked, cancelled]).toEqual([1, false]);
    expect(await edge.metrics.registry.metrics()).toContain('http_event_streams_resumed_total{qm_service="gateway"} 1');
  });

  it('is there for a while after its end', async () => {
    const first = await read(key);
    say('two');
    finish();
    await first.ended;
    const again = await read({ ...key, 'last-event-id': '1' });
    await again.ended;
    expect(again.ids()).toEqual([2]);
    expect(asked).toBe(1);
  });

  it('begins anew for whoever had no event of it, while nobody reads it', async () => {
    const first = await read(key);
    await has(first, 1);
    first.response.destroy();
    const again = await waitUntil('it is taken up', async () => {
      const reading = await read({ ...key, 'last-event-id': '0' });
      return reading.response.statusCode === 200 ? reading : undefined;
    });
    await has(again, 1);
    expect(asked).toBe(1);
  });

  it('is given up when nobody comes back in time', async () => {
    const first = await read(key);
    await has(first, 1);
    first.response.destroy();
    await waitUntil('the model is told to stop', () => cancelled, { timeoutMs: 10_000 });
    const again = await read(key);
    await has(again, 1);
    expect(asked).toBe(2);
  }, 20_000);

  it('is no other’s: another payload, another key, another caller have calls of their own', async () => {
    const first = await read(key);
    await has(first, 1);
    const stranger = { userId: '01900000-0000-7000-8000-000000000002', sessionId: '01900000-0000-7000-8000-0000000000bb' };
    edge.sessions.set(stranger.sessionId, { active: true, userId: stranger.userId, role: 'user' });
    for (const [headers, prompt] of [
      [{ ...key, 'last-event-id': '1' }, 'b'],
      [{ 'idempotency-key': 'other', 'last-event-id': '1' }, 'a'],
      [{ ...key, 'last-event-id': '1', authorization: `Bearer ${edge.token(stranger)}` }, 'a'],
    ] as const) {
      const before = asked;
      const other = read(headers, prompt);
      await waitUntil('a call of its own', () => asked === before + 1);
      finish();
      (await other).response.destroy();
    }
  });

  it('without a key ends at once when its caller hangs up', async () => {
    const first = await read();
    await has(first, 1);
    const leftAt = performance.now();
    first.response.destroy();
    await waitUntil('the model is told to stop', () => cancelled, { intervalMs: 2 });
    expect(performance.now() - leftAt).toBeLessThan(2_000);
  });

  it('is not taken up from an event that never was', async () => {
    const first = await read(key);
    await has(first, 1);
    const before = asked;
    const other = read({ ...key, 'last-event-id': '99' });
    await waitUntil('a call of its own, for the service to judge', () => asked === before + 1);
    finish();
    (await other).response.destroy();
  });

  it('is refused for what is no id of ours', async () => {
    const answer = await edge.request('POST', '/v1/quotes/generate', {
      body: { prompt: 'a' },
      headers: { accept: 'text/event-stream', 'last-event-id': 'x' },
    });
    expect([answer.status, answer.body.errors]).toMatchObject([400, [{ field: 'Last-Event-ID' }]]);
  });

  it('at a stop is told when to come back, and ended when the drain is over', async () => {
    await edge.stop();
    edge = await startEdge({ config: { drainMs: 1_000 } });
    edge.on('StreamGenerateQuotes', async function* (_: unknown, call: RpcCall) {
      yield delta('one');
      await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
    } as never);
    asked = -1;
    say = () => undefined;
    const reading = await read({ 'last-event-id': '0' });
    await has(reading, 1);
    const stopped = edge.gateway.stop();
    await waitUntil('the hint', () => reading.text().includes('\nretry: 1000\n\n'));
    expect(reading.response.complete).toBe(false);
    await reading.ended;
    // A whole answer: the last chunk came, nothing was cut.
    expect(reading.response.complete).toBe(true);
    await stopped;
  });
});
