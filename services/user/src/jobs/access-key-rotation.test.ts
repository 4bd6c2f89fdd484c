import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ensureAccessKeys } from '@quotemaster/auth';
import { createRedisTwin } from '@quotemaster/redis';
import { createFakeClock, createMemoryLog, waitUntil } from '@quotemaster/testkit';
import { openVault } from '@quotemaster/vault';
import { createKeySeal } from '../credentials/key-seal.ts';
import { createAccessKeyRotation } from './access-key-rotation.ts';

const day = 24 * 3_600_000;

describe('the rotation of access keys', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'qm-rotation-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes a key when the newest is old, one process at a time, and says so when it may not', async () => {
    const clock = createFakeClock(Date.now());
    const vault = openVault({ file: join(folder, 'encryption.key'), create: true });
    const directory = join(folder, 'access');
    ensureAccessKeys(directory, createKeySeal(vault));
    const redis = createRedisTwin({ clock });
    await redis.start();
    const run = async (target: string): Promise<string> => {
      const log = createMemoryLog('user');
      const jobs = [1, 2].map(() =>
        createAccessKeyRotation({ clock, redis, vault, logger: log.logger }, { directory: target, maxAgeDays: 30 }),
      );
      for (const job of jobs) await job.start?.();
      await waitUntil('a run', () => new Promise((resolve) => setTimeout(() => resolve(true), 50)));
      for (const job of jobs) await job.stop?.();
      return log.text();
    };

    clock.advance(29 * day);
    expect(await run(directory)).toBe('');
    expect(readdirSync(directory)).toEqual(['0001.pem']);
    clock.advance(2 * day);
    expect(await run(directory)).toContain('access keys rotated');
    expect(readdirSync(directory)).toHaveLength(2);
    clock.advance(3_600_000);
    expect(await run(directory)).toContain('0001.pem');
    expect(readdirSync(directory)).toHaveLength(1);
    expect(await run(join(folder, 'nowhere'))).toContain('make rotate-keys');
    await redis.stop();
  });
});
