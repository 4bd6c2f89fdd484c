import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CallOptions } from '@quotemaster/rpc';
import { password, startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness.stop();
});

const from = (address: string): CallOptions => ({ ...harness.anonymous, client: { address, userAgent: 'guesser' } }) as CallOptions;
/** What became of a guess: its code, and how long to wait where it was not even looked at. */
async function guess(email: string, secret: string, address: string): Promise<{ code: string; waitMs: number | undefined }> {
  try {
    await harness.auth.login({ email, password: secret }, from(address));
    return { code: 'ok', waitMs: undefined };
  } catch (error) {
    const { code, retryAfterMs } = error as { code: string; retryAfterMs?: number };
    return { code, waitMs: retryAfterMs };
  }
}
const count = async (name: string): Promise<number> =>
  Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)`, 'm').exec(await harness.metrics.registry.metrics())?.[1] ?? 0);

describe('guesses at a password', () => {
  it('wait longer each time after the fifth, from one network on one account', async () => {
    const { email } = await harness.register();
    for (let i = 0; i < 5; i += 1) expect((await guess(email, `wrong ${String(i)}`, '203.0.113.1')).code).toBe('auth.invalid_credentials');
    const waits: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const { code, waitMs = 0 } = await guess(email, 'wrong again', '203.0.113.1');
      expect(code).toBe('auth.throttled');
      waits.push(waitMs);
      harness.clock.jump(waitMs + 50);
      expect((await guess(email, 'wrong again', '203.0.113.1')).code).toBe('auth.invalid_credentials');
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)!).toBeGreaterThan(10 * waits[0]!);
  });

  it('made at once are counted one by one: of a hundred no more than five are looked at', async () => {
    const { email } = await harness.register();
    const answers = await Promise.all(Array.from({ length: 100 }, async (_, i) => guess(email, `wrong ${String(i)}`, '203.0.113.2')));
    expect(answers.filter(({ code }) => code === 'auth.invalid_credentials').length).toBeLessThanOrEqual(5);
    expect(answers.filter(({ code }) => code === 'auth.throttled').length).toBeGreaterThanOrEqual(95);
  });

  it('refuse even the right one while they wait, and are forgotten once it was right in time', async () => {
    const { email } = await harness.register();
    for (let i = 0; i < 5; i += 1) await guess(email, 'wrong', '203.0.113.3');
    const { code, waitMs } = await guess(email, password, '203.0.113.3');
    expect(code).toBe('auth.throttled');
    harness.clock.jump(waitMs! + 50);
    expect((await guess(email, password, '203.0.113.3')).code).toBe('ok');
    for (let i = 0; i < 5; i += 1) expect((await guess(email, 'wrong', '203.0.113.3')).code).toBe('auth.invalid_credentials');
  });

  it('by a stranger never shut the owner out: not where they have been before, and for half a minute at most where they are new', async () => {
    const { email } = await harness.register();
    expect((await guess(email, password, '198.51.100.20')).code).toBe('ok');
    // A stranger with many addresses, three guesses each.
    for (let i = 0; i < 12; i += 1) for (let j = 0; j < 3; j += 1) await guess(email, 'wrong', `203.0.113.${String(100 + i)}`);
    expect((await guess(email, password, '198.51.100.20')).code).toBe('ok');
    const { code, waitMs } = await guess(email, password, '198.51.100.99');
    expect(code).toBe('auth.throttled');
    expect(waitMs).toBeLessThanOrEqual(30_000);
    harness.clock.jump(30_000);
    expect((await guess(email, password, '198.51.100.99')).code).toBe('ok');
  });

  it('count an IPv6 client by its /64: another address of it is no fresh start, another network is', async () => {
    const { email } = await harness.register();
    for (let i = 0; i < 5; i += 1) await guess(email, 'wrong', `2001:db8:5:5::${String(i + 1)}`);
    expect((await guess(email, 'wrong', '2001:db8:5:5:ffff::9')).code).toBe('auth.throttled');
    expect((await guess(email, 'wrong', '2001:db8:5:6::1')).code).toBe('auth.invalid_credentials');
  });

  it('at account after account slow the network down and raise the alarm', async () => {
    const before = await count('user_credential_spraying_total');
    const codes: string[] = [];
    for (let i = 0; i < 40; i += 1) codes.push((await guess(`spray${String(i)}@example.com`, 'Spring 2026 is here', '192.0.2.200')).code);
    expect(codes.at(-1)).toBe('auth.throttled');
    expect(await count('user_credential_spraying_total')).toBeGreaterThan(before);
    expect(harness.log.text()).toContain('one network fails at account after account');
    expect(harness.log.text()).not.toContain('spray1@');
  });
});

describe('an unknown address', () => {
  it('gets the answer of a known one after the same time', async () => {
    const { email } = await harness.register();
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    const rounds = 60;
    for (let i = 0; i < rounds; i += 1) {
      // In turns, each from a network of its own, so that neither the machine's mood nor a throttle tells them apart.
      for (const kind of ['known', 'unknown'] as const) {
        const target = kind === 'known' ? email : 'nobody@example.com';
        // Long enough for what was counted to be forgotten: the guess is looked at.
        harness.clock.jump(61 * 60_000);
        const startedAt = performance.now();
        const { code } = await guess(target, 'wrong wrong wrong', `10.${kind === 'known' ? '1' : '2'}.${String(i)}.1`);
        times[kind].push(performance.now() - startedAt);
        expect(code).toBe('auth.invalid_credentials');
      }
    }
    // Distributions, not means: the chance that a known one takes longer than an unknown one must be near one half.
    const wins = times.known.flatMap((known) => times.unknown.map((unknown): number => (known > unknown ? 1 : 0)));
    const share = wins.reduce((sum, win) => sum + win, 0) / wins.length;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.75);
  });
});
