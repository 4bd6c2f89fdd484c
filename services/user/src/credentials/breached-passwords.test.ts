import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from '@quotemaster/config';
import { add, createFilter, encode, fileBytesMax, sizeFor } from './bloom-filter.ts';
import { digestPassword, openBreachedPasswords } from './breached-passwords.ts';

const root = join(import.meta.dirname, '../../../..');
const script = join(root, 'scripts/breached-passwords.ts');
const shipped = join(root, 'services/user/src/data/common-passwords.bloom');

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qm-breached-'));
  file = join(folder, 'breached.bloom');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function build(passwords: readonly string[], rate: number): Buffer {
  const filter = createFilter(sizeFor(passwords.length, rate));
  for (const password of passwords) add(filter, digestPassword(password));
  return encode(filter);
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `password number ${at}`);
}

function sha1(password: string): string {
  return createHash('sha1').update(password).digest('hex').toUpperCase();
}

describe('openBreachedPasswords', () => {
  it.each([0.01, 0.001])('finds all that was put in, and of others hardly more than %d', (rate) => {
    const passwords = numbered(20_000);
    writeFileSync(file, build(passwords, rate));
    const breached = openBreachedPasswords(file);
    expect(passwords.filter((password) => !breached.has(password))).toEqual([]);
    let found = 0;
    for (let left = 100_000; left > 0; left--) if (breached.has(randomBytes(12).toString('base64'))) found++;
    expect(found).toBeLessThan(3 * rate * 100_000);
    // A filter that is never wrong is one that is never asked.
    expect(found).toBeGreaterThan((rate * 100_000) / 3);
  });

  it('takes a password typed in another Unicode form for the same', () => {
    writeFileSync(file, build(['caf\u00e9 au lait, s\u2019il vous pla\u00eet'], 1e-5));
    expect(openBreachedPasswords(file).has('cafe\u0301 au lait, s\u2019il vous plai\u0302t')).toBe(true);
  });

  it.each<[string, (good: Buffer) => Buffer, string]>([
    ['an empty file', () => Buffer.alloc(0), 'it is no filter of breached passwords'],
    ['a file of another kind', () => Buffer.from('123456\npassword\n'.repeat(100)), 'it is no filter of breached passwords'],
    ['a header cut off', (good) => good.subarray(0, 40), 'it is no filter of breached passwords'],
    ['a header alone', (good) => good.subarray(0, 64), 'its length is not what its header says'],
    ['a file cut off', (good) => good.subarray(0, -1), 'its length is not what its header says'],
    ['a file with more behind it', (good) => Buffer.concat([good, Buffer.alloc(1)]), 'its length is not what its header says'],
    ['another version', (good) => altered(good, 11), 'its version is 0, not 1'],
    ['another count of hash functions', (good) => altered(good, 15), 'its header disagrees with itself'],
    ['another count of bits', (good) => altered(good, 23), 'its length is not what its header says'],
    ['another count of entries', (good) => altered(good, 30), 'its header disagrees with itself'],
    ['another checksum', (good) => altered(good, 40), 'its checksum is wrong'],
    ['one bit altered', (good) => altered(good, good.length - 1), 'its checksum is wrong'],
  ])('refuses %s', (_, spoil, finding) => {
    writeFileSync(file, spoil(build(numbered(100), 0.001)));
    expectRefused(file, finding);
  });

  it('refuses what is no file, is not there, or is too large to be held in memory', () => {
    expectRefused(file, 'ENOENT');
    expectRefused(folder, 'it is not a file');
    writeFileSync(file, build(numbered(100), 0.001));
    // Sparse: it takes no room.
    truncateSync(file, fileBytesMax + 1);
    expectRefused(file, 'it is larger than 2 GiB');
  });
});

function altered(good: Buffer, at: number): Buffer {
  const bad = Buffer.from(good);
  bad.writeUInt8(bad.readUInt8(at) ^ 1, at);
  return bad;
}

function expectRefused(path: string, finding: string): void {
  let error: unknown;
  try {
    openBreachedPasswords(path);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).faults).toMatchObject([
    { variable: 'QM_BREACHED_PASSWORDS_FILE', found: expect.stringContaining(`${path}: ${finding}`) },
  ]);
}

describe('sizeFor', () => {
  it('gives the textbook size', () => {
    expect(sizeFor(1_000_000, 0.01)).toEqual({ bits: 9_585_064, hashFunctions: 7, entries: 1_000_000 });
  });

  it.each<[number, number]>([
    [0, 0.01],
    [1.5, 0.01],
    [10, 0],
    [10, 1],
    [10, Number.NaN],
    [10, 1e-40],
    [2_000_000_000, 0.001],
  ])('refuses %d entries at %d', (entries, rate) => expect(() => sizeFor(entries, rate)).toThrow(RangeError));
});

describe('the list that ships', () => {
  const breached = openBreachedPasswords(shipped);

  it.each([
    'passwordpassword',
    'PasswordPassword2025',
    'password1234567',
    '123456789012345',
    'qwertyuiopasdfgh',
    '1qaz2wsx3edc4rfv',
    'aaaaaaaaaaaaaaa',
    'correcthorsebatterystaple',
    'correct horse battery staple',
  ])('knows %s', (password) => expect(breached.has(password)).toBe(true));

  it.each(['a whale sang for fifteen nights', 'a long walk by the sea'])('does not know %s', (password) =>
    expect(breached.has(password)).toBe(false),
  );

  it('is at most 600 kB', () => expect(readFileSync(shipped).length).toBeLessThanOrEqual(600_000));
});

describe('scripts/breached-passwords.ts', () => {
  const hashes = `${sha1('correct horse')}:17\r\n${sha1('battery staple').toLowerCase()}\n`;

  function run(args: readonly string[], input = ''): { status: number | null; stderr: string } {
    return spawnSync(process.execPath, [script, '--out', file, ...args], { input, encoding: 'utf8' });
  }

  it('makes a file of lists and of the standard input', () => {
    const list = join(folder, 'hashes.txt');
    writeFileSync(list, hashes);
    execFileSync(process.execPath, [script, '--out', file, '--rate', '1e-6', list, '-'], { input: `${sha1('a third one')}:1` });
    const breached = openBreachedPasswords(file);
    expect(['correct horse', 'battery staple', 'a third one', 'a fourth one'].map((password) => breached.has(password))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(readdirSync(folder).sort()).toEqual(['breached.bloom', 'hashes.txt']);
  });

  it('hashes passwords in clear', () => {
    expect(run(['--rate', '1e-6', '--passwords', '-'], 'cafe\u0301 au lait\n  with spaces \n')).toMatchObject({ status: 0, stderr: '' });
    const breached = openBreachedPasswords(file);
    expect(['caf\u00e9 au lait', '  with spaces ', 'with spaces'].map((password) => breached.has(password))).toEqual([true, true, false]);
  });

  it.each([
    ['a line that is no hash', hashes + 'hunter2\n', 'standard input:3: the line is unreadable'],
    ['an empty line', '\n' + hashes, 'standard input:1: the line is unreadable'],
    ['a hash cut short at the end', hashes + sha1('x').slice(1), 'standard input:3: the line is unreadable'],
    ['a line without an end', 'x'.repeat(200_000), 'standard input:1: the line is too long'],
    ['nothing', '', 'a filter needs one entry or more, not 0'],
  ])('refuses %s and leaves the old file as it was', (_, input, finding) => {
    writeFileSync(file, 'the old file');
    expect(run(['-'], input)).toMatchObject({ status: 1, stderr: `${finding}\n` });
    expect(readFileSync(file, 'utf8')).toBe('the old file');
    expect(readdirSync(folder)).toEqual(['breached.bloom']);
  });

  it('refuses passwords that are not UTF-8, and arguments it does not know', () => {
    const list = join(folder, 'latin1.txt');
    writeFileSync(list, Buffer.from('good\nna\u00efve\n', 'latin1'));
    expect(run(['--passwords', list])).toMatchObject({ status: 1, stderr: `${list}:2: the line is unreadable\n` });
    for (const args of [[], ['-', '-'], ['--rate', '2', '-'], ['--commonest', '--passwords', list], ['--loud', '-']]) {
      expect(run(args)).toMatchObject({ status: 64, stderr: expect.stringContaining('usage: ') });
    }
  });
});
