import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');

describe('check-breaking', () => {
  let folder: string;
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: folder, encoding: 'utf8' });
  const check = () => spawnSync(process.execPath, [join(import.meta.dirname, 'check-breaking.ts'), folder], { encoding: 'utf8' });
  const proto = () => join(folder, 'proto/quotemaster/user/v1/user.proto');

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'qm-breaking-'));
    cpSync(join(root, 'proto'), join(folder, 'proto'), { recursive: true });
    cpSync(join(root, 'buf.yaml'), join(folder, 'buf.yaml'));
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'contract');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('says so when there is no tag to compare with', () => {
    const result = check();
    expect(result.status).toBe(0);
    expect(result.stdout).toContain('no tag contract-v*');
  });

  it('lets an addition pass and refuses a removed field', () => {
    git('tag', 'contract-v1');
    const original = readFileSync(proto(), 'utf8');
    writeFileSync(proto(), original.replace('uint32 expires_in = 4;', 'uint32 expires_in = 4;\n  // New.\n  string scope = 5;'));
    expect(check()).toMatchObject({ status: 0 });
    writeFileSync(proto(), original.replace('uint32 expires_in = 4;', ''));
    const result = check();
    expect(result.status).toBe(1);
    expect(result.stdout).toContain('expires_in');
    expect(result.stderr).toContain('breaks contract-v1');
  }, 30_000);
});
