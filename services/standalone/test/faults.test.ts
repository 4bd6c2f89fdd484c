import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createRedis, createRedisTwin } from '@quotemaster/redis';
import { waitUntil } from '@quotemaster/testkit';
import type { Behaviour } from '@quotemaster/testkit/provider-simulator';
import { hasRedisServer, startTestRedisServer } from '@quotemaster/testkit/redis-faces';
import { startOrchestra } from './support/orchestra.ts';
import type { Ask, Orchestra, Outcome } from './support/orchestra.ts';

/** What `a` does; `b` is well. What comes of it, how many calls it takes, and how long. */
interface Fault {
  readonly name: string;
  readonly a: readonly Behaviour[];
  readonly b?: readonly Behaviour[];
  readonly stream?: boolean;
  /** Who answers, or the code over gRPC and over HTTP. */
  readonly answers?: 'a' | 'b';
  readonly fails?: readonly [string, string];
  readonly calls: readonly [number, number];
  readonly withinMs: number;
}

const away = ['ai.no_provider', 'ai.no_provider'] as const;
const cut = ['ai.answer_cut', 'ai.answer_cut'] as const;
const faults: readonly Fault[] = [
  { name: '429 with Retry-After', a: [{ kind: 'rate_limited', retryAfter: { seconds: 30 } }], answers: 'b', calls: [1, 1], withinMs: 700 },
  {
    name: '429 from everybody',
    a: [{ kind: 'rate_limited', retryAfter: { seconds: 30 } }],
    b: [{ kind: 'rate_limited', retryAfter: { seconds: 20 } }],
    fails: away,
    calls: [1, 1],
    withinMs: 700,
  },
  { name: 'one 500', a: [{ kind: 'status', code: 500 }, { kind: 'healthy' }], answers: 'b', calls: [1, 1], withinMs: 700 },
  { name: '503', a: [{ kind: 'overloaded' }], answers: 'b', calls: [1, 1], withinMs: 700 },
  { name: 'a wrong key', a: [{ kind: 'status', code: 401 }], answers: 'b', calls: [1, 1], withinMs: 700 },
  { name: 'a reset', a: [{ kind: 'reset' }], answers: 'b', calls: [1, 1], withinMs: 700 },
  { name: 'a page of HTML', a: [{ kind: 'wrong_json' }], answers: 'b', calls: [1, 1], withinMs: 700 },
  { name: 'an empty answer', a: [{ kind: 'empty' }], answers: 'b', calls: [1, 1], withinMs: 700 },
  { name: 'no answer at all', a: [{ kind: 'silence' }], answers: 'b', calls: [1, 1], withinMs: 2_700 },
  { name: 'an answer that breaks in the middle', a: [{ kind: 'cut_stream', afterChunks: 3 }], answers: 'b', calls: [1, 1], withinMs: 700 },
  {
    name: 'a context too long',
    a: [{ kind: 'context_too_long' }],
    fails: ['ai.prompt_too_long', 'context_length_exceeded'],
    calls: [1, 0],
    withinMs: 700,
  },
  {
    name: 'a content filter',
    a: [{ kind: 'content_filter' }],
    fails: ['ai.content_refused', 'content_filter'],
    calls: [1, 0],
    withinMs: 700,
  },
  {
    name: 'a request that is refused',
    a: [{ kind: 'invalid_request' }],
    fails: ['ai.request_refused', 'ai.request_refused'],
    calls: [1, 0],
    withinMs: 700,
  },
  { name: 'all dead', a: [{ kind: 'status', code: 500 }], b: [{ kind: 'reset' }], fails: away, calls: [2, 1], withinMs: 1_500 },
  { name: 'a stream: one 500', stream: true, a: [{ kind: 'status', code: 500 }], answers: 'b', calls: [1, 1], withinMs: 700 },
  { name: 'a stream: no answer at all', stream: true, a: [{ kind: 'silence' }], answers: 'b', calls: [1, 1], withinMs: 1_700 },
  {
    name: 'a stream: a slow first token',
    stream: true,
    a: [{ kind: 'slow_first_token', ms: 5_000 }],
    answers: 'b',
    calls: [1, 1],
    withinMs: 1_700,
  },
  {
    name: 'a stream: cut before the first token',
    stream: true,
    a: [{ kind: 'cut_stream', afterChunks: 0 }],
    answers: 'b',
    calls: [1, 1],
    withinMs: 700,
  },
  { name: 'a stream: cut after some', stream: true, a: [{ kind: 'cut_stream', afterChunks: 3 }], fails: cut, calls: [1, 0], withinMs: 700 },
  { name: 'a stream: a stall', stream: true, a: [{ kind: 'stall', afterChunks: 3 }], fails: cut, calls: [1, 0], withinMs: 1_700 },
  { name: 'a stream: an end without a finish reason', stream: true, a: [{ kind: 'no_finish' }], fails: cut, calls: [1, 0], withinMs: 700 },
  { name: 'a stream: an error in it', stream: true, a: [{ kind: 'error_in_stream' }], fails: cut, calls: [1, 0], withinMs: 700 },
  { name: 'a stream: a chunk that can not be read', stream: true, a: [{ kind: 'bad_chunk' }], fails: cut, calls: [1, 0], withinMs: 700 },
  { name: 'a stream: no [DONE]', stream: true, a: [{ kind: 'no_done' }], answers: 'a', calls: [1, 0], withinMs: 700 },
  {
    name: 'a stream: cut before the first token, then a fallback that refuses',
    stream: true,
    a: [{ kind: 'cut_stream', afterChunks: 0 }],
    b: [{ kind: 'content_filter', as: 'error' }],
    fails: ['ai.content_refused', 'content_filter'],
    calls: [1, 1],
    withinMs: 700,
  },
];

/** Real time, which a test can jump ahead. */
function createJumpingClock() {
  let aheadMs = 0;
  let dayAheadMs = 0;
  return {
    now: () => Date.now() + aheadMs + dayAheadMs,
    monotonic: () => performance.now() + aheadMs,
    jump: (ms: number) => {
      aheadMs += ms;
    },
    /** The time of day alone, as an NTP step does. */
    step: (ms: number) => {
      dayAheadMs += ms;
    },
  };
}

/** What one fault leaves behind must not reach the next: no circuit opens, and limits are over by then. */
const forgiving = { breaker: { failures: 1_000, failureShare: 0 } };
const faces = ['gRPC', '/openai/v1'] as const;

describe.each(faces)('a fault of a provider, over %s', (face) => {
  const clock = createJumpingClock();
  let orchestra: Orchestra;
  beforeAll(async () => {
    orchestra = await startOrchestra({ providers: ['a', 'b'], config: forgiving, clock });
  }, 60_000);
  afterAll(() => orchestra.stop());
  beforeEach(() => {
    orchestra.simulator.reset();
    clock.jump(120_000);
  });

  it.each(faults)('$name', async ({ a, b = [{ kind: 'healthy' }], stream = false, answers, fails, calls, withinMs }) => {
    const { simulator } = orchestra;
    simulator.account('a').behave(...a);
    simulator.account('b').behave(...b);
    const outcome = await orchestra.faces[face]({ stream });
    expect([orchestra.calls('a'), orchestra.calls('b')]).toEqual(calls);
    expect(outcome.tookMs).toBeLessThan(withinMs);
    if (answers === undefined) {
      expect(outcome).toMatchObject({ ok: false, code: fails?.[faces.indexOf(face)] });
      if (fails === cut) expect(outcome.text).not.toBe('');
    } else expect(outcome).toMatchObject({ ok: true, provider: answers, code: '' });

    const decision = await orchestra.decision(outcome.decisionId);
    expect(decision.outcome === 'ok').toBe(outcome.ok);
    expect(decision.attempts).toHaveLength(calls[0] + calls[1]);
    await waitUntil('no call is left open', () => simulator.account('a').openCalls + simulator.account('b').openCalls === 0);
  });

  it('a caller who hangs up has the provider’s connection closed within 200 ms', async () => {
    for (const stream of [false, true]) {
      const account = orchestra.simulator.account('a');
      account.behave(stream ? { kind: 'stall', afterChunks: 2 } : { kind: 'silence' });
      const controller = new AbortController();
      const gone = orchestra.faces[face]({ stream, signal: controller.signal }).catch(() => undefined);
      await waitUntil('the provider is asked', () => account.openCalls === 1);
      const leftAt = performance.now();
      controller.abort();
      await waitUntil('the connection is closed', () => account.openCalls === 0, { intervalMs: 2 });
      expect(performance.now() - leftAt).toBeLessThan(200);
      await gone;
    }
    expect(orchestra.calls('b')).toBe(0);
  });

  it('charges what was used: to the micro-dollar where the provider said it, never below where it did not', async () => {
    const { simulator } = orchestra;
    const ids: string[] = [];
    const walks: [Behaviour, boolean][] = [
      [{ kind: 'healthy' }, false],
      [{ kind: 'healthy' }, true],
      [{ kind: 'empty' }, false],
      [{ kind: 'cut_stream', afterChunks: 3 }, true],
      [{ kind: 'truncated' }, false],
      [{ kind: 'no_usage' }, false],
    ];
    for (const [behaviour, stream] of walks) {
      simulator.account('a').behave(behaviour);
      ids.push((await orchestra.faces[face]({ stream })).decisionId);
    }
    const attempts = (await Promise.all(ids.map((id) => orchestra.decision(id)))).flatMap((decision) => decision.attempts);
    const booked = attempts.reduce((sum, { usage }) => sum + Number(usage?.costMicroUsd ?? 0n), 0);
    const invoiced = simulator.invoice().reduce((sum, { microUsd }) => sum + microUsd, 0);
    expect(booked).toBeGreaterThanOrEqual(invoiced);
    const [told] = attempts;
    expect(told?.estimated).toBe(false);
    expect(Number(told?.usage?.inputTokens)).toBe(simulator.account('a').calls[0]?.inputTokens);
  });
});

describe('limits and deadlines', () => {
  const clock = createJumpingClock();
  let orchestra: Orchestra;
  let ask: Ask;
  beforeAll(async () => {
    orchestra = await startOrchestra({ providers: ['a'], config: forgiving, clock });
    ask = orchestra.faces.gRPC;
  }, 60_000);
  afterAll(() => orchestra.stop());
  beforeEach(() => {
    orchestra.simulator.reset();
    clock.jump(120_000);
  });

  it('a limit that ends soon is waited for, where nobody else could answer', async () => {
    orchestra.simulator.account('a').behaveOnce({ kind: 'rate_limited', retryAfter: { ms: 400 } });
    const outcome = await ask();
    expect(outcome).toMatchObject({ ok: true, provider: 'a' });
    expect(orchestra.calls('a')).toBe(2);
    expect(outcome.tookMs).toBeGreaterThanOrEqual(390);
    expect(outcome.tookMs).toBeLessThan(1_000);
  });

  it('one that lasts is not, and its time is told', async () => {
    orchestra.simulator.account('a').behave({ kind: 'rate_limited', retryAfter: { seconds: 20 } });
    expect(await ask()).toMatchObject({ ok: false, code: 'ai.no_provider', retryAfterMs: 20_000 });
    expect(await ask()).toMatchObject({ ok: false, code: 'ai.no_provider' });
    expect(orchestra.calls('a')).toBe(1);
  });

  it('at the deadline there is a clear error within 50 ms, and the connection is closed', async () => {
    orchestra.simulator.account('a').behave({ kind: 'silence' });
    for (const timeoutMs of [400, 1_000]) {
      const outcome = await ask({ timeoutMs });
      expect(outcome).toMatchObject({ ok: false, code: 'common.deadline_exceeded' });
      expect(Math.abs(outcome.tookMs - timeoutMs)).toBeLessThan(100);
      await waitUntil('the connection is closed', () => orchestra.simulator.account('a').openCalls === 0, {
        timeoutMs: 100,
        intervalMs: 2,
      });
    }
  });

  it('a wall clock that jumps moves no deadline and no circuit', async () => {
    orchestra.simulator.account('a').behave({ kind: 'healthy', latencyMs: 200 });
    for (const ms of [3_600_000, -7_200_000]) {
      const running = ask();
      clock.step(ms);
      expect(await running).toMatchObject({ ok: true });
      expect(await ask({ stream: true })).toMatchObject({ ok: true });
    }
  });
});

describe('a provider that flaps', () => {
  it('costs no answer over 60 s, and is left alone most of the time', async () => {
    const clock = createJumpingClock();
    const orchestra = await startOrchestra({ providers: ['a', 'b'], clock });
    try {
      const bad: Behaviour = { kind: 'status', code: 500 };
      // Ten bad calls, three good ones, and so on.
      orchestra.simulator
        .account('a')
        .behave(...Array.from({ length: 400 }, (_, index) => (index % 13 < 10 ? bad : ({ kind: 'healthy' } as const))));
      const outcomes: Outcome[] = [];
      for (let second = 0; second < 60; second += 1) {
        clock.jump(1_000);
        outcomes.push(await orchestra.faces.gRPC({ stream: second % 2 === 0 }));
      }
      expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
      expect(await orchestra.metric('ai_breaker_changes_total', { provider: 'a', state: 'open' })).toBeGreaterThanOrEqual(1);
      expect(orchestra.calls('a')).toBeLessThan(20);
    } finally {
      await orchestra.stop();
    }
  }, 60_000);

  it('two of three dead cost no answer, and soon no time', async () => {
    const orchestra = await startOrchestra({ providers: ['a', 'b', 'c'] });
    try {
      orchestra.simulator.account('a').behave({ kind: 'status', code: 503 });
      orchestra.simulator.account('b').behave({ kind: 'reset' });
      expect(await orchestra.faces.gRPC()).toMatchObject({ ok: true, provider: 'c' });
      expect([orchestra.calls('a'), orchestra.calls('b'), orchestra.calls('c')]).toEqual([1, 1, 1]);
      for (let calls = 0; calls < 10; calls += 1) expect(await orchestra.faces['/openai/v1']()).toMatchObject({ ok: true, provider: 'c' });
      expect([orchestra.calls('a'), orchestra.calls('b')]).toEqual([5, 5]);
    } finally {
      await orchestra.stop();
    }
  }, 60_000);
});

describe('three orchestrators', () => {
  it('make one trial of an open circuit between them, and all believe what it shows', async () => {
    const clock = createJumpingClock();
    const redis = createRedisTwin({ clock });
    await redis.start();
    const orchestra = await startOrchestra({
      providers: ['a'],
      clock,
      redis,
      count: 3,
      config: { attempts: { max: 1 }, breaker: { rampSeconds: 0 } },
    });
    const asks = [0, 1, 2].map((index) => orchestra.askAt(index));
    const askAll = async (times: number): Promise<Outcome[]> =>
      Promise.all(Array.from({ length: times * asks.length }, (_, index) => asks[index % asks.length]!()));
    try {
      const account = orchestra.simulator.account('a');
      account.behave({ kind: 'status', code: 500 });
      for (let calls = 0; calls < 5; calls += 1) await askAll(1);
      expect(orchestra.calls('a')).toBe(15);
      await askAll(3);
      expect(orchestra.calls('a')).toBe(15);

      clock.jump(30_100);
      expect((await askAll(5)).filter(({ ok }) => ok)).toEqual([]);
      expect(orchestra.calls('a')).toBe(16);
      // It has failed: nobody tries for twice as long.
      clock.jump(31_000);
      await askAll(2);
      expect(orchestra.calls('a')).toBe(16);

      account.behave({ kind: 'healthy' });
      clock.jump(31_000);
      expect((await askAll(5)).filter(({ ok }) => ok)).toHaveLength(1);
      expect(orchestra.calls('a')).toBe(17);
      clock.jump(1_100);
      await askAll(1);
      expect((await askAll(3)).filter(({ ok }) => !ok)).toEqual([]);
    } finally {
      await orchestra.stop();
      await redis.stop();
    }
  }, 60_000);
});

if (!hasRedisServer())
  process.stderr.write('skipped: the orchestrator while Redis hangs or is dead, as there is no redis-server on PATH\n');
(hasRedisServer() ? describe : describe.skip)('without a Redis that answers', () => {
  it.each(['dead', 'slow by 5 s'] as const)(
    '(%s) requests go on, and a trial is made within 50 ms',
    async (how) => {
      const clock = createJumpingClock();
      const server = await startTestRedisServer();
      const redis = createRedis({ ...server.options() });
      await redis.start();
      const orchestra = await startOrchestra({ providers: ['a'], clock, redis, config: { attempts: { max: 1 } } });
      try {
        const account = orchestra.simulator.account('a');
        account.behave({ kind: 'status', code: 500 });
        for (let calls = 0; calls < 5; calls += 1) await orchestra.faces.gRPC();
        if (how === 'dead') await server.kill();
        else server.signal('SIGSTOP');
        account.behave({ kind: 'healthy' });
        clock.jump(30_100);
        const trial = await orchestra.faces.gRPC();
        expect(trial).toMatchObject({ ok: true, provider: 'a' });
        expect(trial.tookMs).toBeLessThan(500);
        expect(await orchestra.faces.gRPC({ stream: true })).toMatchObject({ ok: true });
        // The edge refuses what is costly while nobody counts it: at once, and clearly.
        const refused = await orchestra.faces['/openai/v1']();
        expect(refused.ok).toBe(false);
        expect(refused.tookMs).toBeLessThan(1_000);
      } finally {
        if (how !== 'dead') server.signal('SIGCONT');
        await orchestra.stop();
        await redis.stop();
        await server.stop();
      }
    },
    60_000,
  );
});
