import { describe, expect, it } from '@jest/globals';
import ipaddr from 'ipaddr.js';
import { clientAddress, inRanges } from './client-address.ts';

const trusted = ['10.0.0.0/8', 'fd00::/8'].map((range) => ipaddr.parseCIDR(range));

describe('clientAddress', () => {
  it.each([
    ['a stranger who writes what he likes', '203.0.113.9', '10.0.0.1, 127.0.0.1', '203.0.113.9'],
    ['a trusted proxy', '10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['the rightmost hop that is not ours', '10.0.0.1', '1.1.1.1, 198.51.100.7, 10.0.0.2', '198.51.100.7'],
    ['a proxy of ours with nothing behind it', '10.0.0.1', undefined, '10.0.0.1'],
    ['rubbish from a proxy', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['an IPv4 address in IPv6 clothes', '::ffff:10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['an IPv6 proxy', 'fd00::1', '2001:db8::7', '2001:db8::7'],
  ])('sees through to %s', (_, peer, forwarded, expected) => {
    expect(clientAddress(peer, forwarded, trusted)).toBe(expected);
  });

  it('finds no range for what is no address', () => {
    expect(inRanges('unknown', trusted)).toBe(false);
  });
});
