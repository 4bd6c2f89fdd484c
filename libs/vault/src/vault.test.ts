import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigError } from '@quotemaster/config';
import fc from 'fast-check';
import { addKey, dropOldKeys, openVault } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'quotemaster-vault-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = (): string => join(folder, `keys-${String((files += 1))}`, 'encryption.key');

describe('vault', () => {
  it('opens what it sealed, whatever the bytes', () => {
    const vault = openVault({ file: newFile(), create: true });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (bytes, context) => {
        expect(vault.open(vault.seal(bytes, context), context)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('seals the same text differently each time', () => {
    const vault = openVault({ file: newFile(), create: true });
    expect(vault.seal('a', 'x').equals(vault.seal('a', 'x'))).toBe(false);
  });

  it('refuses another context, and bytes with any bit changed', () => {
    const vault = openVault({ file: newFile(), create: true });
    const sealed = vault.seal('a seed', 'totp:1');
    expect(() => vault.open(sealed, 'totp:2')).toThrow();
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = changed[bit >> 3]! ^ (1 << (bit & 7));
      expect(() => vault.open(changed, 'totp:1')).toThrow();
    }
    expect(() => vault.open(sealed.subarray(0, 20), 'totp:1')).toThrow('not sealed by a vault');
  });

  it('takes a file of bare bytes as one key, and keeps it when another is added', () => {
    const file = join(folder, 'bare.key');
    writeFileSync(file, randomBytes(48));
    const before = openVault({ file });
    const sealed = before.seal('kept', 'x');
    const id = addKey(file);
    const after = openVault({ file });
    expect(after.keyId()).toBe(id);
    expect(after.open(sealed, 'x').toString()).toBe('kept');
    expect([after.isCurrent(sealed), after.isCurrent(after.seal('new', 'x'))]).toEqual([false, true]);
    expect(after.derive('pages')).toHaveLength(2);
    expect(after.derive('pages')[1]).toEqual(before.derive('pages')[0]);
  });

  it('opens what another process sealed with a key that was added since', () => {
    const file = newFile();
    const old = openVault({ file, create: true });
    addKey(file);
    expect(old.open(openVault({ file }).seal('from the other', 'x'), 'x').toString()).toBe('from the other');
  });

  it('opens nothing that was sealed with a key that has been dropped', () => {
    const file = newFile();
    const sealed = openVault({ file, create: true }).seal('gone', 'x');
    addKey(file);
    expect(dropOldKeys(file)).toBe(1);
    expect(() => openVault({ file }).open(sealed, 'x')).toThrow('is not in the key file');
  });

  it('makes a file that only its owner reads, and makes it once', () => {
    const file = newFile();
    const id = openVault({ file, create: true }).keyId();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(openVault({ file, create: true }).keyId()).toBe(id);
    addKey(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['no file', undefined],
    ['an empty one', ''],
    ['too few bytes', randomBytes(31)],
    ['a key that is too short', `qm-key:${randomBytes(16).toString('base64url')}\n`],
    ['a line that is no key', `qm-key:${randomBytes(32).toString('base64url')}\nhello\n`],
  ])('refuses %s by the name of the variable', (_name, content) => {
    const file = join(folder, `bad-${String((files += 1))}`);
    if (content !== undefined) writeFileSync(file, content);
    expect(() => openVault({ file })).toThrow(ConfigError);
    expect(() => openVault({ file })).toThrow('QM_ENCRYPTION_KEY_FILE');
  });

  it('keeps working with the keys it knows when the file turns bad', () => {
    const file = newFile();
    const vault = openVault({ file, create: true });
    const sealed = vault.seal('still', 'x');
    const good = readFileSync(file);
    writeFileSync(file, 'qm-key:broken\n');
    expect(vault.open(sealed, 'x').toString()).toBe('still');
    writeFileSync(file, good);
  });
});
