import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { choose } from './choose.ts';
import type { ChoiceOption, ChoicePolicy, Exclusion } from './choose.ts';

const policy: ChoicePolicy = {
  weights: { latency: 1, success: 2, cost: 0.5, breaker: 0.5, quota: 0.5 },
  latencyTargetMs: 1_500,
  costTargetUsd: 0.001,
  floor: 0.01,
  newSamples: 20,
  newShare: 0.1,
};
const usual: Omit<ChoiceOption, 'key'> = {
  isTrial: false,
  latencyMs: 1_000,
  success: 0.98,
  costUsd: 0.001,
  ramp: 1,
  headroom: 1,
  inFlight: 0,
  inFlightMax: 64,
  samples: 100,
  weight: 1,
};
const option = (key: string, more: Partial<ChoiceOption> = {}): ChoiceOption => ({ key, ...usual, ...more });

/** How often each was chosen of `times` draws. */
function shares(options: readonly ChoiceOption[], times = 4_000, by: ChoicePolicy = policy): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let seed = 0; seed < times; seed += 1) {
    const { chosen = 'none' } = choose(options, by, seed * 7_919) ?? {};
    counts[chosen] = (counts[chosen] ?? 0) + 1 / times;
  }
  return counts;
}

describe('choice', () => {
  it.each<[string, Partial<ChoiceOption>, Partial<ChoiceOption>]>([
    ['the quicker', { latencyMs: 300 }, { latencyMs: 3_000 }],
    ['the surer', { success: 0.99 }, { success: 0.5 }],
    ['the cheaper', { costUsd: 0.0001 }, { costUsd: 0.01 }],
    ['the one with more of its limits left', { headroom: 1 }, { headroom: 0.02 }],
    ['the less busy', { inFlight: 0 }, { inFlight: 60 }],
  ])('prefers %s, all else being equal', (_, better, worse) => {
    expect(shares([option('a', worse), option('b', better)])['b']).toBeGreaterThan(0.97);
  });

  it('leaves every healthy one its floor of traffic', () => {
    const found = shares([option('a'), option('b', { latencyMs: 20_000, success: 0.5, costUsd: 1 })], 20_000, { ...policy, floor: 0.02 });
    expect(found['b']).toBeGreaterThan(0.012);
    expect(found['b']).toBeLessThan(0.03);
  });

  it('spreads over equals, and by their weights', () => {
    const equal = shares([option('a'), option('b'), option('c')]);
    // Of two equals the first drawn is taken, so the spread is not even; nobody is left out.
    for (const key of ['a', 'b', 'c']) expect(equal[key] ?? 0).toBeGreaterThan(0.003);
    const heavy = shares([option('a', { weight: 0.05 }), option('b'), option('c')]);
    expect(heavy['a'] ?? 0).toBeLessThan((equal['a'] ?? 0) / 2);
  });

  it('takes a newcomer for the median of the others, and offers it a share alone until it is known', () => {
    const found = shares([option('a'), option('b'), option('new', { samples: 0, latencyMs: undefined, success: 0.75, costUsd: 0.0001 })]);
    expect(found['new'] ?? 0).toBeGreaterThan(0.05);
    expect(found['new'] ?? 0).toBeLessThan(0.12);
    const allNew = shares([option('x', { samples: 0 }), option('y', { samples: 0, costUsd: 0.01 })]);
    expect(allNew['x']).toBeGreaterThan(0.97);
  });

  it('gives one that ramps up its share, and everything where it is alone', () => {
    const back = option('b', { ramp: 0.1, latencyMs: 100, costUsd: 0 });
    expect(shares([option('a'), back])['b'] ?? 0).toBeLessThan(0.13);
    expect(shares([back])['b']).toBeCloseTo(1);
  });

  it('makes the trial that is due, at once', () => {
    expect(shares([option('a'), option('b', { isTrial: true, ramp: 0 })])['b']).toBeCloseTo(1);
  });

  it('does not let the worth of one hang on who else is there', () => {
    const pair = choose([option('a'), option('b')], policy, 1);
    const three = choose([option('a'), option('b'), option('c', { latencyMs: 60_000, costUsd: 9 })], policy, 1);
    expect(three?.utilities['a']).toEqual(pair?.utilities['a']);
  });

  it('has nobody where all are excluded', () => {
    expect(choose([option('a', { excluded: 'breaker' }), option('b', { excluded: 'quota' })], policy, 1)).toBeUndefined();
  });
});

const anyOption = fc.record({
  excluded: fc.option(fc.constantFrom<Exclusion>('breaker', 'quota', 'disabled', 'busy', 'failed'), { nil: undefined, freq: 2 }),
  isTrial: fc.boolean(),
  latencyMs: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
  success: fc.double({ min: 0, max: 1, noNaN: true }),
  costUsd: fc.double({ min: 0, max: 100, noNaN: true }),
  ramp: fc.double({ min: 0, max: 1, noNaN: true }),
  headroom: fc.double({ min: 0, max: 1, noNaN: true }),
  inFlight: fc.nat(64),
  inFlightMax: fc.constantFrom(1, 64),
  samples: fc.nat(100),
  weight: fc.double({ min: 0.001, max: 1_000, noNaN: true }),
});
const anyOptions = fc
  .array(anyOption, { maxLength: 8 })
  .map((list) => list.map((one, index): ChoiceOption => ({ key: `p${String(index)}/m`, ...one })));

describe('whatever the options are, the choice', () => {
  it('is one of those not excluded, where there is one, and the same for the same seed', () => {
    fc.assert(
      fc.property(anyOptions, fc.nat(), (options, seed) => {
        const choice = choose(options, policy, seed);
        const open = options.filter(({ excluded }) => excluded === undefined);
        if (choice === undefined) expect(open).toHaveLength(0);
        else {
          expect(open.map(({ key }) => key)).toContain(choice.chosen);
          for (const { total } of Object.values(choice.utilities)) expect(total >= 0 && total <= 1).toBe(true);
          expect(choose(JSON.parse(JSON.stringify(options)) as ChoiceOption[], policy, seed)).toEqual(choice);
        }
      }),
      { numRuns: 500 },
    );
  });
});
