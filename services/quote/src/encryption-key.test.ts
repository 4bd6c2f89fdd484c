import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigError } from '@quotemaster/config';
import { loadEncryptionKey } from './encryption-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'quote-key-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('loadEncryptionKey', () => {
  it('makes a missing key once, for its owner alone, and leaves nothing else', () => {
    const file = join(folder, 'keys', 'encryption.key');
    const first = loadEncryptionKey({ file, create: true });
    expect(first.reveal()).toHaveLength(32);
    expect(loadEncryptionKey({ file, create: true }).reveal()).toEqual(first.reveal());
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'keys'))).toEqual(['encryption.key']);
  });

  it('never makes a key that is mounted elsewhere', () => {
    expect(() => loadEncryptionKey({ file: join(folder, 'absent'), create: false })).toThrow(ConfigError);
  });

  it('refuses a key that is too short', () => {
    const file = join(folder, 'short');
    writeFileSync(file, 'x'.repeat(31));
    expect(() => loadEncryptionKey({ file, create: false })).toThrow(/QM_ENCRYPTION_KEY_FILE/);
  });
});
