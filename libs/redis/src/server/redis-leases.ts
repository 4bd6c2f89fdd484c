import { randomUUID } from 'node:crypto';
import type { LeaseHandle, Leases } from '../face.ts';
import type { Connection } from './connection.ts';
import { createScript } from './script.ts';

const renewLua = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
`;
const releaseLua = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;

/**
 * Creates leases on Redis. A failover of Redis can lose one, so a lease spares work; it does not make it safe.
 */
export function createRedisLeases(connection: Connection): Leases {
  const renew = createScript(connection, renewLua);
  const release = createScript(connection, releaseLua);
  return {
    async acquire(name, ttlMs) {
      const key = `qm:lease:{${name}}`;
      const owner = randomUUID();
      const askedAt = performance.now();
      const taken = await connection.run('lease_acquire', (client) => client.set(key, owner, 'PX', ttlMs, 'NX'));
      if (taken !== 'OK') return undefined;
      let expiresAt = askedAt + ttlMs;
      const handle: LeaseHandle = {
        name,
        owner,
        get expiresAt() {
          return expiresAt;
        },
        renew: async () => {
          const renewedAt = performance.now();
          if ((await renew('lease_renew', key, [owner, ttlMs])) !== 1) return false;
          expiresAt = renewedAt + ttlMs;
          return true;
        },
        release: async () => {
          await release('lease_release', key, [owner]);
        },
      };
      return handle;
    },
  };
}
