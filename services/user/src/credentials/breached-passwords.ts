import { createHash, hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ConfigError } from '@quotemaster/config';
import { normalisePassword } from '../domain/password-rules.ts';
import { chunkBytes, decodeHeader, fileBytesMax, headerBytes, holds } from './bloom-filter.ts';
import type { BloomFilter } from './bloom-filter.ts';

const variable = 'QM_BREACHED_PASSWORDS_FILE';

/** The passwords known from breaches; asks no one outside the process. */
export interface BreachedPasswords {
  /** Tells whether a password is known; a strange one is taken for a known one at the rate that the file was built for. */
  has(password: string): boolean;
}

/**
 * Opens a file made by scripts/breached-passwords.ts and keeps it in memory whole, so that no check waits for a disk.
 *
 * It blocks while it reads: a second or two a GiB, at the start only.
 * @throws ConfigError naming QM_BREACHED_PASSWORDS_FILE when the file can't be read, is over 2 GiB, is another kind of file, or is
 * not as it was written. A service that can't check passwords does not start.
 */
export function openBreachedPasswords(file: string): BreachedPasswords {
  const filter = readFilter(file);
  return { has: (password) => holds(filter, digestPassword(password)) };
}

/** Gives the key under which a password is filed: SHA-1 (20 bytes) of its NFC in UTF-8, because the public lists come so. */
export function digestPassword(password: string): Buffer {
  return hash('sha1', normalisePassword(password), 'buffer');
}

function readFilter(file: string): Pick<BloomFilter, 'size' | 'bitArray'> {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    return readOpened(descriptor);
  } catch (error) {
    const finding = (error as Error).message;
    throw new ConfigError([{ variable, expected: 'a file made by scripts/breached-passwords.ts', found: `${file}: ${finding}` }]);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function readOpened(descriptor: number): Pick<BloomFilter, 'size' | 'bitArray'> {
  const status = fstatSync(descriptor);
  if (!status.isFile()) throw new Error('it is not a file');
  if (status.size > fileBytesMax) throw new Error('it is larger than 2 GiB');
  // The header is judged before memory is taken for the rest.
  const header = Buffer.alloc(Math.min(headerBytes, status.size));
  fill(descriptor, header, 0);
  const { size, checksum } = decodeHeader(header, status.size);
  const bitArray = Buffer.alloc(status.size - headerBytes);
  const sum = createHash('sha256');
  for (let at = 0; at < bitArray.length; at += chunkBytes) {
    const chunk = bitArray.subarray(at, at + chunkBytes);
    fill(descriptor, chunk, headerBytes + at);
    sum.update(chunk);
  }
  if (!sum.digest().equals(checksum)) throw new Error('its checksum is wrong');
  return { size, bitArray };
}

/** Reads until the buffer is full; one call may give less than it was asked for. */
function fill(descriptor: number, buffer: Buffer, position: number): void {
  for (let at = 0; at < buffer.length;) {
    const readBytes = readSync(descriptor, buffer, at, buffer.length - at, position + at);
    if (readBytes === 0) throw new Error('it ended while it was read');
    at += readBytes;
  }
}
