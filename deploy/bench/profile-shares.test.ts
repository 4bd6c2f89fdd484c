import { describe, expect, it } from '@jest/globals';
import { sumUp } from './profile-shares.ts';

const frame = (id: number, functionName: string, url = '') => ({ id, callFrame: { functionName, url } });

describe('sumUp', () => {
  it('gives each package its share of the time that was not idle, of the last seconds alone', () => {
    const nodes = [
      frame(1, '(idle)'),
      frame(2, '(garbage collector)'),
      frame(3, 'query', 'file:///x/node_modules/pg/lib/client.js'),
      frame(4, 'split', 'file:///x/libs/scoring/src/text/tokenize.ts'),
      frame(5, 'writev'),
      frame(6, 'old', 'file:///x/node_modules/a/node_modules/@b/c/index.js'),
      frame(7, 'fetch', 'node:internal/deps/undici/undici'),
    ];
    const samples = [6, 1, 2, 3, 3, 4, 5, 7];
    const timeDeltas = [1e6, 9e5, 1e5, 2e5, 2e5, 1e5, 3e5, 1e5];
    const { busyMs, shares } = sumUp({ nodes, samples, timeDeltas }, 1.85);
    expect(busyMs).toBe(1_000);
    expect(Object.fromEntries(shares.map(({ name, share }) => [name, Math.round(share * 10) / 10]))).toEqual({
      pg: 0.4,
      '(native)': 0.3,
      '(gc)': 0.1,
      'libs/scoring': 0.1,
      undici: 0.1,
    });
    expect(sumUp({ nodes, samples, timeDeltas }, 60).shares.map(({ name }) => name)).toContain('@b/c');
  });
});
