import { describe, expect, it } from '@jest/globals';

import { createFakeClock } from './fake-clock.ts';
import { createMemoryLog } from './memory-log.ts';
import { sequentialIds } from './sequential-ids.ts';
import { waitUntil } from './wait-until.ts';

describe('the fake clock', () => {
  it('stands still until it is turned, both hands together', () => {
    const clock = createFakeClock(1_000);
    expect([clock.now(), clock.monotonic()]).toEqual([1_000, 0]);
    clock.advance(250);
    expect([clock.now(), clock.monotonic()]).toEqual([1_250, 250]);
  });

  it('lets the time of day jump while the monotonic hand goes on', () => {
    const clock = createFakeClock(1_000);
    clock.set(0);
    clock.advance(1);
    expect([clock.now(), clock.monotonic()]).toEqual([1, 1]);
  });
});

describe('sequential ids', () => {
  it('are valid UUIDv7 strings in ascending order', () => {
    const next = sequentialIds();
    const ids = Array.from({ length: 300 }, next);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([...new Set(ids)].sort()).toEqual(ids);
  });
});

describe('waitUntil', () => {
  it('gives the first truthy value, and takes errors for not yet', async () => {
    let calls = 0;
    const value = await waitUntil(
      'the third call',
      () => {
        calls += 1;
        if (calls === 1) throw new Error('not yet');
        return calls === 3 && 'third';
      },
      { intervalMs: 1 },
    );
    expect(value).toBe('third');
  });

  it('fails by name when time is up, with the last error as its cause', async () => {
    const failure: unknown = await waitUntil('rain', () => Promise.reject(new Error('dry')), { timeoutMs: 10, intervalMs: 1 }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ message: 'waited 10 ms in vain for: rain', cause: { message: 'dry' } });
  });
});

describe('the memory log', () => {
  it('keeps what would have been printed, masked', () => {
    const log = createMemoryLog('quote');
    log.logger.debug({ password: 'hunter2', count: 1 }, 'done');
    expect(log.lines).toEqual([expect.objectContaining({ level: 'debug', service: 'quote', count: 1, msg: 'done' })]);
    expect(log.text()).not.toContain('hunter2');
  });
});
