import { describe, expect, it } from '@jest/globals';
import { consequences } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { newRecord, withCallEnd } from './record.ts';

const policy = { failures: 2, windowMs: 60_000, openMs: 30_000 };
const outcomes = Object.keys(consequences) as Outcome[];
const after = (outcome: Outcome, times = 1) =>
  Array.from({ length: times }).reduce<typeof newRecord>(
    (record) => withCallEnd(record, { outcome, durationMs: 100 }, 0, policy),
    newRecord,
  );

describe('the record of a provider', () => {
  it.each(outcomes.filter((outcome) => consequences[outcome].verdict === 'bad'))('counts %s against it', (outcome) => {
    expect(after(outcome, 2).breaker.kind).toBe('open');
    expect(after(outcome).success).toBeLessThan(1);
  });

  it.each(outcomes.filter((outcome) => consequences[outcome].verdict !== 'bad'))('does not count %s against it', (outcome) => {
    expect(after(outcome, 20)).toMatchObject({ breaker: { kind: 'closed' }, success: 1 });
  });

  it('is left alone for as long as it asks after a limit, and 5 s where it does not say', () => {
    const limited = withCallEnd(newRecord, { outcome: 'quota', durationMs: 1, retryAfterMs: 9_000 }, 1_000, policy);
    expect(limited.gatedUntil).toBe(10_000);
    expect(withCallEnd(limited, { outcome: 'quota', durationMs: 1 }, 2_000, policy).gatedUntil).toBe(10_000);
    expect(withCallEnd(newRecord, { outcome: 'quota', durationMs: 1 }, 2_000, policy).gatedUntil).toBe(7_000);
  });

  it('averages how long good answers took, and those alone', () => {
    expect(after('ok').latencyMs).toBe(100);
    expect(withCallEnd(after('ok'), { outcome: 'ok', durationMs: 600 }, 0, policy).latencyMs).toBe(200);
    expect(withCallEnd(after('ok'), { outcome: 'transient', durationMs: 9_000 }, 0, policy).latencyMs).toBe(100);
  });
});
