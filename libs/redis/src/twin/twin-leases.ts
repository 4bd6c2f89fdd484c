import { randomUUID } from 'node:crypto';
import type { LeaseHandle, Leases } from '../face.ts';

/** Creates in-process leases: good among the contexts of one process. */
export function createTwinLeases(clock: { monotonic(): number }): Leases {
  const held = new Map<string, { owner: string; endsAt: number }>();

  const isHeldBy = (name: string, owner: string): boolean => {
    const holder = held.get(name);
    return holder?.owner === owner && holder.endsAt > clock.monotonic();
  };
  return {
    acquire(name, ttlMs) {
      for (const [other, { endsAt }] of held) if (endsAt <= clock.monotonic()) held.delete(other);
      if (held.has(name)) return Promise.resolve(undefined);
      const lease = { owner: randomUUID(), endsAt: clock.monotonic() + ttlMs };
      held.set(name, lease);
      const handle: LeaseHandle = {
        name,
        owner: lease.owner,
        get expiresAt() {
          return lease.endsAt;
        },
        renew: () => {
          if (!isHeldBy(name, lease.owner)) return Promise.resolve(false);
          lease.endsAt = clock.monotonic() + ttlMs;
          return Promise.resolve(true);
        },
        release: () => {
          if (isHeldBy(name, lease.owner)) held.delete(name);
          return Promise.resolve();
        },
      };
      return Promise.resolve(handle);
    },
  };
}
