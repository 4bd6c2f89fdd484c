import ipaddr from 'ipaddr.js';
import type { AddressRange } from '../config.ts';

/**
 * Tells from which address a request came.
 *
 * X-Forwarded-For is believed only as far as trusted proxies wrote it: from the right, the first address that is not one of
 * theirs is the client's. What stands left of it is whatever the client wrote.
 * @param peer the address of the connection.
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, trusted: readonly AddressRange[]): string {
  const hops = (forwardedFor ?? '').split(',').map((hop) => hop.trim());
  let address = normalise(peer) ?? 'unknown';
  while (inRanges(address, trusted)) {
    const previous = normalise(hops.pop() ?? '');
    if (previous === undefined) break;
    address = previous;
  }
  return address;
}

/** Tells whether an address lies in one of the ranges. */
export function inRanges(address: string, ranges: readonly AddressRange[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.some(([range, bits]) => range.kind() === parsed.kind() && parsed.match(range, bits));
}

/** An IPv4 address in IPv6 clothes is an IPv4 address. */
function normalise(address: string): string | undefined {
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : undefined;
}
