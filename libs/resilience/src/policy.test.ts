import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AppError, commonErrors } from '@quotemaster/errors';
import { createMetrics } from '@quotemaster/observe';

import { createPolicy } from './policy.ts';

const unavailable = new AppError(commonErrors.unavailable, { reason: 'down' });
const notFound = new AppError(commonErrors.notFound);

/** Never answers, and ends when its signal fires, as a well-behaved client does. */
function hang({ signal }: { signal: AbortSignal }): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('aborted'));
    });
  });
}

/** Settles a call while the fake clock runs. */
async function outcome(call: Promise<unknown>, ms = 0): Promise<unknown> {
  const settled = call.then(
    (value) => value,
    (error: unknown) => error,
  );
  await jest.advanceTimersByTimeAsync(ms);
  return settled;
}

function failing(times: number, error: Error = unavailable): { calls: () => number; fn: () => Promise<string> } {
  let calls = 0;
  return { calls: () => calls, fn: () => (++calls <= times ? Promise.reject(error) : Promise.resolve('answer')) };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the deadline', () => {
  it('bounds a call that ignores its signal', async () => {
    const policy = createPolicy({ name: 'store', timeoutMs: 100 });
    expect(
      await outcome(
        policy.execute(() => new Promise(() => undefined)),
        100,
      ),
    ).toMatchObject({ code: 'common.deadline_exceeded', message: 'store did not answer within 100 ms' });
  });

  it('fires the signal of the call', async () => {
    const policy = createPolicy({ name: 'store', timeoutMs: 100 });
    let seen: AbortSignal | undefined;
    await outcome(
      policy.execute((context) => {
        seen = context.signal;
        return hang(context);
      }),
      100,
    );
    expect(seen?.aborted).toBe(true);
  });

  it('bounds all attempts and pauses together', async () => {
    const policy = createPolicy({ name: 'store', timeoutMs: 1_000, retry: { attempts: 10, attemptTimeoutMs: 400, baseDelayMs: 1 } });
    let attempts = 0;
    const call = policy.execute((context) => {
      attempts += 1;
      return hang(context);
    });
    expect(await outcome(call, 1_000)).toMatchObject({ code: 'common.deadline_exceeded' });
    await jest.runAllTimersAsync();
    expect(attempts).toBe(3);
  });
});

describe('the caller', () => {
  it('that leaves is answered at once and its call is told', async () => {
    const policy = createPolicy({ name: 'store', timeoutMs: 1_000, retry: { attempts: 3 } });
    const caller = new AbortController();
    let attempts = 0;
    const call = outcome(
      policy.execute((context) => {
        attempts += 1;
        return hang(context);
      }, caller.signal),
    );
    await jest.advanceTimersByTimeAsync(10);
    caller.abort();
    expect(await call).toMatchObject({ code: 'common.cancelled' });
    await jest.runAllTimersAsync();
    expect(attempts).toBe(1);
  });

  it('that leaves during a pause gets no further attempt', async () => {
    const longestPause = jest.spyOn(Math, 'random').mockReturnValue(0.99);
    const policy = createPolicy({ name: 'store', timeoutMs: 1_000, retry: { attempts: 3, baseDelayMs: 100 } });
    const { fn, calls } = failing(9);
    const caller = new AbortController();
    const call = outcome(policy.execute(fn, caller.signal), 50);
    await jest.advanceTimersByTimeAsync(0);
    caller.abort();
    expect(await call).toMatchObject({ code: 'common.cancelled' });
    await jest.runAllTimersAsync();
    expect(calls()).toBe(1);
    longestPause.mockRestore();
  });

  it('that has left before makes no call', async () => {
    const { fn, calls } = failing(0);
    expect(await outcome(createPolicy({ name: 'store', timeoutMs: 100 }).execute(fn, AbortSignal.abort()))).toMatchObject({
      code: 'common.cancelled',
    });
    expect(calls()).toBe(0);
  });

  it('whose own time is up gets that error, not a cancellation', async () => {
    const policy = createPolicy({ name: 'store', timeoutMs: 1_000 });
    const timedOut = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
    expect(await outcome(policy.execute(hang, timedOut))).toMatchObject({ code: 'common.deadline_exceeded' });
    expect(await outcome(policy.execute(hang, AbortSignal.abort(notFound)))).toBe(notFound);
  });
});

describe('retries', () => {
  const retry = { attempts: 3, baseDelayMs: 100, maxDelayMs: 200 };

  it('repeat what time may heal, with pauses within the bounds', async () => {
    const { fn, calls } = failing(2);
    expect(await outcome(createPolicy({ name: 'store', timeoutMs: 1_000, retry }).execute(fn), 300)).toBe('answer');
    expect(calls()).toBe(3);
  });

  it('end after the attempts agreed, with the last error', async () => {
    const { fn, calls } = failing(9);
    expect(await outcome(createPolicy({ name: 'store', timeoutMs: 1_000, retry }).execute(fn), 500)).toBe(unavailable);
    expect(calls()).toBe(3);
  });

  it('do not repeat what will fail again', async () => {
    const { fn, calls } = failing(9, notFound);
    expect(await outcome(createPolicy({ name: 'store', timeoutMs: 1_000, retry }).execute(fn), 500)).toBe(notFound);
    expect(calls()).toBe(1);
  });

  it('are none unless asked for', async () => {
    const { fn, calls } = failing(1);
    expect(await outcome(createPolicy({ name: 'store', timeoutMs: 1_000 }).execute(fn), 500)).toBe(unavailable);
    expect(calls()).toBe(1);
  });
});

describe('the bulkhead', () => {
  it('holds so many calls, queues so many, and refuses the next at once', async () => {
    const policy = createPolicy({ name: 'store', timeoutMs: 1_000, bulkhead: { maxInFlight: 2, maxQueued: 1 } });
    let inFlight = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise((resolve) => setTimeout(resolve, 10));
      inFlight -= 1;
    };
    const calls = [1, 2, 3].map(() => policy.execute(work));
    expect(await outcome(policy.execute(work))).toMatchObject({ code: 'common.overloaded', retryAfterMs: 1_000 });
    await outcome(Promise.all(calls), 20);
    expect(most).toBe(2);
    expect(await outcome(policy.execute(() => 'free again'))).toBe('free again');
  });

  it('lets go of a caller that leaves while queued, and does not do its work later', async () => {
    const policy = createPolicy({ name: 'store', timeoutMs: 1_000, bulkhead: { maxInFlight: 1, maxQueued: 1 } });
    const first = outcome(policy.execute(hang), 0);
    const { fn, calls } = failing(0);
    const caller = new AbortController();
    const queued = outcome(policy.execute(fn, caller.signal));
    caller.abort();
    expect(await queued).toMatchObject({ code: 'common.cancelled' });
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await first).toMatchObject({ code: 'common.deadline_exceeded' });
    expect(calls()).toBe(0);
  });
});

describe('the breaker', () => {
  const options = { name: 'store', timeoutMs: 1_000, breaker: { failures: 2, openMs: 500 } };

  async function opened(policy = createPolicy(options)): Promise<ReturnType<typeof createPolicy>> {
    const { fn } = failing(2);
    await outcome(policy.execute(fn));
    await outcome(policy.execute(fn));
    return policy;
  }

  it('opens after so many failures in a row and then calls nobody', async () => {
    const policy = await opened();
    const { fn, calls } = failing(0);
    expect(await outcome(policy.execute(fn))).toMatchObject({
      code: 'common.unavailable',
      message: 'the circuit of store is open',
      retryAfterMs: 500,
    });
    expect(calls()).toBe(0);
  });

  it('closes after a trial that succeeds', async () => {
    const policy = await opened();
    await jest.advanceTimersByTimeAsync(500);
    expect(await outcome(policy.execute(() => 'trial'))).toBe('trial');
    expect(await outcome(policy.execute(failing(1).fn))).toBe(unavailable);
    expect(await outcome(policy.execute(() => 'closed'))).toBe('closed');
  });

  it('opens again after a trial that fails', async () => {
    const policy = await opened();
    await jest.advanceTimersByTimeAsync(500);
    expect(await outcome(policy.execute(failing(1).fn))).toBe(unavailable);
    expect(await outcome(policy.execute(() => 'too early'))).toMatchObject({ message: 'the circuit of store is open' });
  });

  it('stays open when the trial was given up by its caller', async () => {
    const policy = await opened();
    await jest.advanceTimersByTimeAsync(500);
    const caller = new AbortController();
    const trial = outcome(policy.execute(hang, caller.signal));
    caller.abort();
    expect(await trial).toMatchObject({ code: 'common.cancelled' });
    expect(await outcome(policy.execute(() => 'too early'))).toMatchObject({ message: 'the circuit of store is open' });
  });

  it('keeps no caller waiting for the trial of another beyond its own time', async () => {
    const policy = await opened();
    await jest.advanceTimersByTimeAsync(500);
    const trial = outcome(policy.execute(hang), 0);
    const caller = new AbortController();
    const second = outcome(policy.execute(() => 'x', caller.signal));
    caller.abort(new DOMException('late', 'TimeoutError'));
    expect(await second).toMatchObject({ code: 'common.deadline_exceeded' });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await trial).toMatchObject({ code: 'common.deadline_exceeded' });
  });

  it('counts neither callers that leave nor refusals of the request itself', async () => {
    const policy = createPolicy(options);
    for (let call = 0; call < 5; call += 1) {
      const caller = new AbortController();
      const left = outcome(policy.execute(hang, caller.signal));
      caller.abort();
      await left;
      await outcome(policy.execute(failing(1, notFound).fn));
    }
    expect(await outcome(policy.execute(() => 'closed'))).toBe('closed');
  });

  it('counts calls that overrun the deadline', async () => {
    const policy = createPolicy(options);
    for (let call = 0; call < 2; call += 1)
      await outcome(
        policy.execute(() => new Promise(() => undefined)),
        1_000,
      );
    expect(await outcome(policy.execute(() => 'x'))).toMatchObject({ message: 'the circuit of store is open' });
  });

  it('ends the retries of a call as soon as it opens', async () => {
    const policy = createPolicy({ ...options, retry: { attempts: 5, baseDelayMs: 1 } });
    const { fn, calls } = failing(9);
    expect(await outcome(policy.execute(fn), 100)).toMatchObject({ code: 'common.unavailable', message: 'the circuit of store is open' });
    expect(calls()).toBe(2);
  });
});

describe('the metrics', () => {
  it('tell outcomes, retries and the state of the circuit by dependency', async () => {
    const metrics = createMetrics({ service: 'gateway' });
    const policy = createPolicy({
      name: 'store',
      timeoutMs: 1_000,
      retry: { attempts: 2, baseDelayMs: 1 },
      breaker: { failures: 3, openMs: 500 },
      metrics,
    });
    await outcome(policy.execute(() => 'answer'));
    await outcome(policy.execute(failing(1).fn), 10);
    await outcome(policy.execute(failing(9).fn), 10);
    await outcome(policy.execute(failing(9, new RangeError()).fn), 10);
    const page = await metrics.registry.metrics();
    expect(page).toContain('dependency_call_seconds_count{qm_service="gateway",dependency="store",outcome="success"} 2');
    expect(page).toContain('dependency_call_seconds_count{qm_service="gateway",dependency="store",outcome="common.unavailable"} 2');
    expect(page).toContain('dependency_retries_total{dependency="store",qm_service="gateway"} 3');
    expect(page).toContain('dependency_circuit_state{dependency="store",qm_service="gateway"} 2');
    expect(metrics.names()).toEqual(['dependency_call_seconds', 'dependency_circuit_state', 'dependency_retries_total']);
  });
});
