import { describe, expect, it } from '@jest/globals';
import { aiFileSchema } from '../src/ai-config/ai-file.ts';
import { toChoicePolicy } from '../src/ai-config/ai-config.ts';
import { figuresOf, simulateDay, strategies } from './day.ts';
import type { DayFigures, Strategy } from './day.ts';

const policy = toChoicePolicy(aiFileSchema.parse({}).selection);
const morning = { seed: 7, hours: 12, perSecond: 0.2, policy };

describe('a simulated day', () => {
  it('is the same for the same seed', async () => {
    const [one, again] = await Promise.all([1, 2].map(() => simulateDay({ ...morning, hours: 1, strategy: 'ours' })));
    expect(again).toEqual(one);
  }, 60_000);

  it('is better chosen than by round robin, least latency or chance', async () => {
    const figures = {} as Record<Strategy, DayFigures>;
    for (const strategy of strategies) figures[strategy] = figuresOf(await simulateDay({ ...morning, strategy }));
    const { ours } = figures;
    for (const strategy of strategies) expect(ours.success).toBeGreaterThanOrEqual(figures[strategy].success - 0.002);
    expect(ours.p99Ms).toBeLessThan(figures['round robin'].p99Ms);
    expect(ours.p99Ms).toBeLessThan(figures.random.p99Ms);
    expect(ours.costUsd).toBeLessThan(figures['round robin'].costUsd);
    expect(ours.costUsd).toBeLessThan(figures.random.costUsd);
    // Whoever is well keeps some traffic, so that it can show so.
    for (const share of Object.values(ours.shares)) expect(share).toBeGreaterThan(0.002);
  }, 120_000);
});
