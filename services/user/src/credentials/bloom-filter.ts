/**
 * A Bloom filter over SHA-1 digests and the form of its file. Pure: it opens nothing.
 *
 * The file, integers big-endian: magic (8 bytes), version (uint32), hash functions (uint32), bits (uint64), entries (uint64),
 * SHA-256 of the bit array (32 bytes), then the bit array; bit p is bit p % 8, counted from the lowest, of byte p / 8.
 */
import { createHash } from 'node:crypto';

const magic = 'QMBLOOM1';
const version = 1;
const checksumOffset = 32;
export const headerBytes = 64;
/** A file is held in memory whole; nothing that a person sets should take more of it than this. */
export const fileBytesMax = 2 * 1024 ** 3;
/** Hashing and file calls take less than 2 GiB at once. */
export const chunkBytes = 16 * 1024 ** 2;
const hashFunctionsMax = 64;
const digestBytes = 20;

/** How big a filter is: a multiple of 8 bits, the bits set for each entry, and the entries it was made for. */
export interface FilterSize {
  readonly bits: number;
  readonly hashFunctions: number;
  readonly entries: number;
}

export interface BloomFilter {
  readonly size: FilterSize;
  /** The whole file; the header's part is blank until `encode`. */
  readonly file: Buffer;
  /** The part of `file` behind its header. */
  readonly bitArray: Buffer;
}

export interface FilterHeader {
  readonly size: FilterSize;
  /** SHA-256, 32 bytes. */
  readonly checksum: Buffer;
}

/**
 * Gives the smallest filter for `entries` digests that takes a stranger for one of them at `falsePositiveRate` (0 to 1, exclusive).
 * @throws RangeError when there are no entries, the rate is none, or the file would be over 2 GiB.
 */
export function sizeFor(entries: number, falsePositiveRate: number): FilterSize {
  if (!Number.isSafeInteger(entries) || entries < 1) throw new RangeError(`a filter needs one entry or more, not ${entries}`);
  if (!(falsePositiveRate > 0 && falsePositiveRate < 1)) throw new RangeError(`a rate lies between 0 and 1, not ${falsePositiveRate}`);
  const bits = 8 * Math.ceil((-entries * Math.log(falsePositiveRate)) / Math.LN2 ** 2 / 8);
  if (headerBytes + bits / 8 > fileBytesMax) {
    throw new RangeError(`${entries} entries at a rate of ${falsePositiveRate} take more than 2 GiB: choose a higher rate`);
  }
  const hashFunctions = hashFunctionsFor(bits, entries);
  if (hashFunctions > hashFunctionsMax) throw new RangeError(`a rate of ${falsePositiveRate} is lower than this filter can keep`);
  return { bits, hashFunctions, entries };
}

/** Creates an empty filter; it takes bits / 8 + 64 bytes of memory. */
export function createFilter(size: FilterSize): BloomFilter {
  const file = Buffer.alloc(headerBytes + size.bits / 8);
  return { size, file, bitArray: file.subarray(headerBytes) };
}

/**
 * Adds a SHA-1 digest of 20 bytes.
 * @throws RangeError when it is of another length.
 */
export function add({ size, bitArray }: BloomFilter, digest: Buffer): void {
  const { start, step } = walkOf(digest, size.bits);
  for (let left = size.hashFunctions, position = start; left > 0; left--, position = next(position, step, size.bits)) {
    const index = byteOf(position);
    bitArray[index] = (bitArray[index] ?? 0) | maskOf(position);
  }
}

/**
 * Tells whether a SHA-1 digest of 20 bytes was added; now and then it says yes of one that was not, never no of one that was.
 * @throws RangeError when it is of another length.
 */
export function holds({ size, bitArray }: Pick<BloomFilter, 'size' | 'bitArray'>, digest: Buffer): boolean {
  const { start, step } = walkOf(digest, size.bits);
  for (let left = size.hashFunctions, position = start; left > 0; left--, position = next(position, step, size.bits)) {
    if (((bitArray[byteOf(position)] ?? 0) & maskOf(position)) === 0) return false;
  }
  return true;
}

/** Gives the filter's file: the filter's own memory, since a copy of a large one would not fit beside it. */
export function encode({ size, file, bitArray }: BloomFilter): Buffer {
  file.write(magic, 0, 'latin1');
  file.writeUInt32BE(version, 8);
  file.writeUInt32BE(size.hashFunctions, 12);
  file.writeBigUInt64BE(BigInt(size.bits), 16);
  file.writeBigUInt64BE(BigInt(size.entries), 24);
  const hash = createHash('sha256');
  for (let at = 0; at < bitArray.length; at += chunkBytes) hash.update(bitArray.subarray(at, at + chunkBytes));
  hash.digest().copy(file, checksumOffset);
  return file;
}

/**
 * Reads the header (64 bytes) of a file of `fileBytes` bytes; the checksum is left to whoever reads the bits.
 * @throws Error that says what is wrong, when the file is not one of these or its header disagrees with itself or the length.
 */
export function decodeHeader(header: Buffer, fileBytes: number): FilterHeader {
  if (header.length < headerBytes || header.toString('latin1', 0, 8) !== magic) throw new Error('it is no filter of breached passwords');
  if (header.readUInt32BE(8) !== version) throw new Error(`its version is ${header.readUInt32BE(8)}, not ${version}`);
  const size = {
    hashFunctions: header.readUInt32BE(12),
    bits: Number(header.readBigUInt64BE(16)),
    entries: Number(header.readBigUInt64BE(24)),
  };
  if (size.bits !== 8 * (fileBytes - headerBytes)) throw new Error('its length is not what its header says');
  // The checksum leaves the header out, and a wrong count of hash functions would let breached passwords pass.
  const isSound = size.bits > 0 && size.entries > 0 && size.hashFunctions <= hashFunctionsMax;
  if (!isSound || size.hashFunctions !== hashFunctionsFor(size.bits, size.entries)) throw new Error('its header disagrees with itself');
  return { size, checksum: Buffer.from(header.subarray(checksumOffset, headerBytes)) };
}

function hashFunctionsFor(bits: number, entries: number): number {
  return Math.max(1, Math.round((bits / entries) * Math.LN2));
}

/** Two independent numbers out of one digest do for any count of hash functions (Kirsch and Mitzenmacher, 2006). */
function walkOf(digest: Buffer, bits: number): { start: number; step: number } {
  if (digest.length !== digestBytes) throw new RangeError(`a digest has ${digestBytes} bytes, not ${digest.length}`);
  // Six bytes each: the most that a number holds exactly, and far more than there are bits. A step of 0 would set one bit only.
  return { start: digest.readUIntBE(0, 6) % bits, step: 1 + (digest.readUIntBE(6, 6) % (bits - 1)) };
}

function next(position: number, step: number, bits: number): number {
  const sum = position + step;
  return sum < bits ? sum : sum - bits;
}

/** By division: positions go beyond the 32 bits of a shift. */
function byteOf(position: number): number {
  return Math.floor(position / 8);
}

function maskOf(position: number): number {
  return 1 << (position % 8);
}
