// Builds the file in which the user service looks up breached passwords (QM_BREACHED_PASSWORDS_FILE), from lists of SHA-1 hashes
// in hex, one a line, optionally with ":count" behind, as Have I Been Pwned gives them. A list "-" is the standard input.
//
//   node scripts/breached-passwords.ts --out FILE [--rate 0.001] LIST...
//   node scripts/breached-passwords.ts --out FILE [--rate 0.001] --passwords LIST...   the lines are passwords in clear (UTF-8)
//   node scripts/breached-passwords.ts --out FILE [--rate 0.00001] --commonest LIST    the small list that ships, see its README
import { randomUUID } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { add, chunkBytes, createFilter, encode, sizeFor } from '../services/user/src/credentials/bloom-filter.ts';
import type { BloomFilter } from '../services/user/src/credentials/bloom-filter.ts';
import { digestPassword } from '../services/user/src/credentials/breached-passwords.ts';
import { deriveCommonPasswords } from './common-passwords.ts';

const usage = 'usage: node scripts/breached-passwords.ts --out FILE [--rate 0.001] [--passwords | --commonest] LIST...';
const phrasesFile = join(import.meta.dirname, '../services/user/src/data/common-phrases.txt');
const hashPattern = /^([0-9a-f]{40})(?::\d+)?$/i;
const digestBytes = 20;
const lineBytesMax = 64 * 1024;

type Parse = (line: string) => Buffer | undefined;
interface Request {
  readonly out: string;
  readonly rate: number;
  readonly lists: readonly string[];
  readonly kind: 'hashes' | 'passwords' | 'commonest';
}

class UsageError extends Error {}

try {
  const request = readRequest();
  const draft = `${request.out}.${randomUUID()}.draft`;
  try {
    const filter = request.kind === 'commonest' ? buildCommonest(request) : await buildFromLists(request, `${draft}.stdin`);
    write(encode(filter), draft, request.out);
    const { entries, hashFunctions } = filter.size;
    console.log(`${request.out}: ${entries} entries, rate ${request.rate}, ${hashFunctions} hashes, ${filter.file.length} bytes`);
  } finally {
    rmSync(draft, { force: true });
    rmSync(`${draft}.stdin`, { force: true });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(error instanceof UsageError ? 64 : 1);
}

function readRequest(): Request {
  const { values, positionals: lists } = readArguments();
  const { out, passwords, commonest } = values;
  const rate = Number(values.rate ?? (commonest ? '0.00001' : '0.001'));
  const isSound = lists.length > 0 && lists.filter((list) => list === '-').length <= 1 && rate > 0 && rate < 1;
  if (out === undefined || !isSound || (commonest && (passwords || lists.length > 1))) throw new UsageError(usage);
  return { out, rate, lists, kind: commonest ? 'commonest' : passwords ? 'passwords' : 'hashes' };
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        rate: { type: 'string' },
        passwords: { type: 'boolean', default: false },
        commonest: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : ''}\n${usage}`);
  }
}

/** Counts the lines, then adds them: the size must be known first, and a thousand million hashes do not fit in memory. */
async function buildFromLists({ lists, rate, kind }: Request, stdinFile: string): Promise<BloomFilter> {
  const parse = kind === 'passwords' ? parsePassword : parseHash;
  let entries = 0;
  for (const list of lists) entries += list === '-' ? await keepStdin(stdinFile, parse) : await count(list, parse);
  const filter = createFilter(sizeFor(entries, rate));
  let added = 0;
  for (const list of lists) {
    for await (const digests of list === '-' ? readKept(stdinFile) : readDigests(list, parse)) {
      for (const digest of digests) add(filter, digest);
      added += digests.length;
    }
  }
  if (added !== entries) throw new Error(`the lists changed while they were read: ${entries} lines, then ${added}`);
  return filter;
}

async function count(list: string, parse: Parse): Promise<number> {
  let lines = 0;
  for await (const digests of readDigests(list, parse)) lines += digests.length;
  return lines;
}

/** The standard input can't be read twice; what is kept of it is its digests, never a password. */
async function keepStdin(file: string, parse: Parse): Promise<number> {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    let lines = 0;
    for await (const digests of readDigests('-', parse)) {
      writeWhole(descriptor, Buffer.concat(digests));
      lines += digests.length;
    }
    return lines;
  } finally {
    closeSync(descriptor);
  }
}

async function* readKept(file: string): AsyncGenerator<Buffer[]> {
  // Chunks of whole digests: a stream of a file gives full ones until its end.
  for await (const chunk of createReadStream(file, { highWaterMark: digestBytes * 50_000 }) as AsyncIterable<Buffer>) {
    if (chunk.length % digestBytes !== 0) throw new Error(`${file}: a digest was read in part`);
    yield Array.from({ length: chunk.length / digestBytes }, (_, at) => chunk.subarray(at * digestBytes, (at + 1) * digestBytes));
  }
}

/** Reads a list's digests, some thousands at a time: one at a time costs more than the hashing does. */
async function* readDigests(list: string, parse: Parse): AsyncGenerator<Buffer[]> {
  let linesBefore = 0;
  for await (const lines of readLines(list)) {
    yield lines.map((line, at) => {
      const digest = parse(line);
      // The line itself is not shown: it may be somebody's password.
      if (digest === undefined) throw new Error(`${nameOf(list)}:${linesBefore + at + 1}: the line is unreadable`);
      return digest;
    });
    linesBefore += lines.length;
  }
}

/** Each character is one byte; CR LF ends a line too. */
async function* readLines(list: string): AsyncGenerator<string[]> {
  const stream =
    list === '-' ? process.stdin.setEncoding('latin1') : createReadStream(list, { encoding: 'latin1', highWaterMark: 1024 ** 2 });
  let rest = '';
  let linesBefore = 0;
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield lines.map(withoutReturn);
    linesBefore += lines.length;
    // A file without line ends would otherwise be taken into memory whole.
    if (rest.length > lineBytesMax) throw new Error(`${nameOf(list)}:${linesBefore + 1}: the line is too long`);
  }
  if (rest !== '') yield [withoutReturn(rest)];
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function parseHash(line: string): Buffer | undefined {
  const hex = hashPattern.exec(line)?.[1];
  return hex === undefined ? undefined : Buffer.from(hex, 'hex');
}

function parsePassword(line: string): Buffer | undefined {
  try {
    const password = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(line, 'latin1'));
    return password === '' ? undefined : digestPassword(password);
  } catch {
    return undefined;
  }
}

function nameOf(list: string): string {
  return list === '-' ? 'standard input' : list;
}

/** Builds from one list of words, commonest first (a JSON array or a word a line), and what people make of them. */
function buildCommonest({ lists: [list = ''], rate }: Request): BloomFilter {
  const passwords = deriveCommonPasswords(readWords(list), readWords(phrasesFile));
  const filter = createFilter(sizeFor(passwords.size, rate));
  for (const password of passwords) add(filter, digestPassword(password));
  return filter;
}

function readWords(file: string): string[] {
  const text = readFileSync(file === '-' ? 0 : file, 'utf8');
  if (!text.trimStart().startsWith('[')) return text.split(/\r?\n/).filter((line) => line !== '');
  const words = JSON.parse(text) as unknown;
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) throw new Error(`${nameOf(file)}: not a list of strings`);
  return words;
}

/** A reader sees the old file or the new one, even after a power cut, and never half of one. */
function write(file: Buffer, draft: string, out: string): void {
  const descriptor = openSync(draft, 'wx', 0o644);
  try {
    writeWhole(descriptor, file);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, out);
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at, Math.min(chunkBytes, bytes.length - at));
}
