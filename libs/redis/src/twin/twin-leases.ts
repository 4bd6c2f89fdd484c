import { randomUUID } from 'node:crypto';
import type { Leases } from '../face.ts';

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
      const owner = randomUUID();
      held.set(name, { owner, endsAt: clock.monotonic() + ttlMs });
      return Promise.resolve({
        name,
        owner,
        renew: () => {
          if (!isHeldBy(name, owner)) return Promise.resolve(false);
          held.set(name, { owner, endsAt: clock.monotonic() + ttlMs });
          return Promise.resolve(true);
        },
        release: () => {
          if (isHeldBy(name, owner)) held.delete(name);
          return Promise.resolve();
        },
      });
    },
  };
}
