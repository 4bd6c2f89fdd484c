import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { choose } from './choose.ts';
import type { Option } from './choose.ts';
import { newRecord } from './record.ts';
import type { ProviderRecord } from './record.ts';

const policy = {
  breaker: { failures: 5, windowMs: 60_000, openMs: 30_000 },
  weights: { latency: 1, success: 2, cost: 0.5, latencyTargetMs: 1_500, costTargetUsd: 0.001 },
};
const option = (key: string, record: Partial<ProviderRecord> = {}, costUsd = 0.001): Option => ({
  key,
  record: { ...newRecord, ...record },
  costUsd,
});
const chosen = (...options: Option[]): string | undefined => choose(options, 1_000, policy).chosen?.key;

describe('choose', () => {
  it('takes the first of equals', () => expect(chosen(option('a'), option('b'))).toBe('a'));

  it('prefers the faster, the more successful and the cheaper', () => {
    expect(chosen(option('a', { latencyMs: 3_000 }), option('b', { latencyMs: 400 }))).toBe('b');
    expect(chosen(option('a', { success: 0.5 }), option('b', { success: 0.9 }))).toBe('b');
    expect(chosen(option('a', {}, 0.01), option('b', {}, 0.0001))).toBe('b');
  });

  it('forgives failures with time, so that one that is well again is asked again', () => {
    const worse = option('a', { success: 0.2, successAt: 0, latencyMs: 400 });
    const slower = option('b', { latencyMs: 800 });
    expect(choose([worse, slower], 1_000, policy).chosen?.key).toBe('b');
    expect(choose([worse, slower], 600_000, policy).chosen?.key).toBe('a');
  });

  it('takes one without a sample for as fast as the others are', () => {
    expect(chosen(option('a', { latencyMs: 500, success: 0.9 }), option('new'))).toBe('new');
    expect(chosen(option('a', { latencyMs: 100 }), option('b', { latencyMs: 5_000 }), option('new', { success: 0.99 }))).toBe('a');
  });

  it('leaves out whose breaker is open or whose quota is used up, and says for how long', () => {
    const open = option('open', { breaker: { kind: 'open', until: 5_000 } });
    const gated = option('gated', { gatedUntil: 3_000 });
    expect(choose([open, gated], 1_000, policy)).toEqual({
      chosen: undefined,
      excluded: [
        { key: 'open', reason: 'breaker', retryAfterMs: 4_000 },
        { key: 'gated', reason: 'quota', retryAfterMs: 2_000 },
      ],
    });
    expect(chosen(open, gated, option('poor', { success: 0.1, latencyMs: 60_000 }, 1))).toBe('poor');
  });

  it('always chooses where anything may be asked, and never what may not', () => {
    const record = fc.record({
      breaker: fc.constantFrom<ProviderRecord['breaker']>(
        newRecord.breaker,
        { kind: 'open', until: 2_000 },
        { kind: 'half_open', since: 900 },
      ),
      gatedUntil: fc.constantFrom(0, 500, 1_500),
      latencyMs: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
      success: fc.double({ min: 0, max: 1, noNaN: true }),
      successAt: fc.integer({ min: 0, max: 1_000 }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(record, fc.double({ min: 0, max: 10, noNaN: true })), { minLength: 1, maxLength: 8 }), (records) => {
        const options = records.map(([one, costUsd], index) => ({ key: String(index), record: one, costUsd }));
        const result = choose(options, 1_000, policy);
        expect(result.excluded.length === options.length).toBe(result.chosen === undefined);
        expect(result.excluded.map(({ key }) => key)).not.toContain(result.chosen?.key);
        for (const { retryAfterMs } of result.excluded) expect(retryAfterMs).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
