import { createHash } from 'node:crypto';

/** Tells payloads apart: SHA-256 of the bytes, 64 hexadecimal digits. Give it a deterministic encoding. */
export function fingerprintOf(payload: Uint8Array | string): string {
  return createHash('sha256').update(payload).digest('hex');
}
