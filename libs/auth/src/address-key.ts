import ipaddr from 'ipaddr.js';

/** The key under which one client is counted: an IPv6 client owns a whole /64, an IPv4 address in IPv6 clothes is an IPv4 address. */
export function addressKey(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${parsed
    .toByteArray()
    .slice(0, 8)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')}/64`;
}
