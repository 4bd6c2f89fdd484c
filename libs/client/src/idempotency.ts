import { keyedCalls } from './gen/repeatable.ts';

export const keyHeader = 'Idempotency-Key';

/** Gives a call that takes an Idempotency-Key one of its own, unless its caller gave one. */
export function addKey(headers: Headers, method: string, path: string): void {
  if (keyedCalls.has(`${method.toUpperCase()} ${path}`) && !headers.has(keyHeader)) headers.set(keyHeader, crypto.randomUUID());
}
