import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeFolder } from './make-folder.ts';

describe('makeFolder', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'qm-folder-'));
  });
  afterAll(() => rm(root, { recursive: true }));

  it('makes what is missing, for its owner alone, also for many at once', async () => {
    const path = join(root, 'a/b/c');
    await Promise.all(Array.from({ length: 10 }, () => makeFolder(path)));
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    await makeFolder(path);
  });

  it('fails where nothing can be made, rather than trying for ever', async () => {
    await expect(makeFolder('/proc/quotemaster/data')).rejects.toThrow();
  });
});
