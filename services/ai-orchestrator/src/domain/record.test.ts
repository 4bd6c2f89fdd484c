import { describe, expect, it } from '@jest/globals';
import { createDurations, withAtLeast, withDuration } from './latency.ts';
import { newRecord, withCallEnd } from './record.ts';
import type { CallEnd, ModelRecord } from './record.ts';
import { noCalls, surelyWell, withCall } from './success.ts';

const policy = { failures: 5, windowMs: 60_000, failureShare: 0, openMs: 30_000, openMaxMs: 300_000, rampMs: 30_000 };
const end = (outcome: CallEnd['outcome'], more: Partial<CallEnd> = {}): CallEnd => ({
  outcome,
  durationMs: 100,
  streamed: false,
  isTrial: false,
  ...more,
});
const after = (ends: readonly CallEnd[], from: ModelRecord = newRecord()): ModelRecord =>
  ends.reduce((record, one, at) => withCallEnd(record, one, at * 10, policy), from);

describe('the record of a model', () => {
  it('keeps the time to the first token and the time a token apart from whole answers', () => {
    const record = after([
      end('ok', { durationMs: 900 }),
      end('ok', { streamed: true, durationMs: 1_200, firstTokenMs: 200, outputTokens: 101 }),
    ]);
    expect(record.whole?.ms).toBe(900);
    expect(record.firstToken?.ms).toBe(200);
    expect(record.perToken?.ms).toBeCloseTo(10);
  });

  it.each(['caller', 'content_filter', 'abandoned', 'lost', 'late', 'quota', 'refused', 'unreadable'] as const)(
    'holds nothing against the provider after %s',
    (outcome) => {
      const record = after(Array.from({ length: 20 }, () => end(outcome)));
      expect(record.breaker.kind).toBe('closed');
      expect(record.samples).toBe(0);
      expect(record.success).toEqual(noCalls);
    },
  );

  it.each(['transient', 'timeout', 'auth', 'empty', 'truncated', 'cut'] as const)('opens the circuit after five of %s', (outcome) => {
    expect(after(Array.from({ length: 5 }, () => end(outcome))).breaker.kind).toBe('open');
  });

  it('believes that a call which was given up would have taken at least as long', () => {
    const quick = after([end('ok', { durationMs: 100 })]);
    expect(after([end('lost', { durationMs: 2_000 })], quick).whole?.ms).toBeGreaterThan(1_000);
    expect(after([end('abandoned', { durationMs: 20 })], quick).whole?.ms).toBe(100);
  });

  it('shuts the gate until the time that a refusal names, and 5 s where it names none', () => {
    expect(after([end('quota', { retryAfterMs: 1_500 })]).quota.until).toBe(1_500);
    expect(after([end('quota')]).quota.until).toBe(5_000);
    // The answer of a slow call can't open it again.
    expect(after([end('quota', { retryAfterMs: 9_000 }), end('quota', { retryAfterMs: 100 })]).quota.until).toBe(9_000);
  });
});

describe('latency', () => {
  it('rises by half the way at once, and falls with time', () => {
    const up = withDuration({ ms: 100, at: 0 }, 1_100, 10);
    expect(up.ms).toBe(600);
    expect(withDuration(up, 100, 20).ms).toBeGreaterThan(500);
    expect(withDuration(up, 100, 30_010).ms).toBeLessThan(150);
    expect(withAtLeast(undefined, 700, 0)?.ms).toBe(700);
  });

  it('gives quantiles that are at most a bucket too long, once there are enough samples', () => {
    const durations = createDurations();
    for (let ms = 1; ms <= 19; ms += 1) durations.add(ms * 10, 0);
    expect(durations.quantile(0.95, 0, 20)).toBeUndefined();
    for (let ms = 20; ms <= 100; ms += 1) durations.add(ms * 10, 0);
    const p95 = durations.quantile(0.95, 0, 20) ?? 0;
    expect(p95).toBeGreaterThanOrEqual(950);
    expect(p95).toBeLessThanOrEqual(950 * 1.15);
  });

  it('forgets what was long ago', () => {
    const durations = createDurations();
    for (let count = 0; count < 100; count += 1) durations.add(10_000, 0);
    for (let count = 0; count < 100; count += 1) durations.add(100, 1_200_000);
    expect(durations.quantile(0.95, 1_200_000, 20)).toBeLessThan(120);
  });

  it('says nothing any more when the last news is long ago, so that whoever was too slow is asked again', () => {
    const durations = createDurations();
    for (let count = 0; count < 100; count += 1) durations.add(10_000, 0);
    expect(durations.quantile(0.95, 120_000, 20)).toBeGreaterThanOrEqual(10_000);
    expect(durations.quantile(0.95, 900_000, 20)).toBeUndefined();
  });
});

describe('success', () => {
  const calls = (good: number, bad: number): number => {
    let count = noCalls;
    for (let index = 0; index < good; index += 1) count = withCall(count, true, 0);
    for (let index = 0; index < bad; index += 1) count = withCall(count, false, 0);
    return surelyWell(count, 0);
  };

  it('is the surer the more calls there are, and below the bare share', () => {
    expect(calls(100, 0)).toBeGreaterThan(calls(10, 0));
    expect(calls(90, 10)).toBeLessThan(95 / 105);
    expect(calls(0, 100)).toBeLessThan(0.1);
  });

  it('forgives by half in two minutes', () => {
    let count = noCalls;
    for (let index = 0; index < 10; index += 1) count = withCall(count, false, 0);
    expect(surelyWell(count, 1_200_000)).toBeCloseTo(surelyWell(noCalls, 0), 1);
  });
});
