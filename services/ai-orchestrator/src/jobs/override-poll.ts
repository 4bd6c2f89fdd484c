import type { Component } from '@quotemaster/lifecycle';
import type { Logger } from '@quotemaster/observe';
import { createRepeater } from '@quotemaster/postgres';
import type { Pool } from '../selection/pool.ts';
import type { OverrideStore } from '../store/override-store.ts';

const everyMs = 2_000;

/** Takes over what administrators decided at other replicas. While Postgres is away, what was decided last holds. */
export function createOverridePoll({ store, pool, logger }: { store: OverrideStore; pool: Pool; logger: Logger }): Component {
  let isAway = false;
  const repeater = createRepeater({
    everyMs,
    async run() {
      pool.setOverrides(await store.all());
      isAway = false;
      return false;
    },
    onError(error) {
      if (!isAway) logger.warn({ err: error }, 'what administrators decided about providers can not be read; what was read last holds');
      isAway = true;
    },
  });
  return { name: 'override poll', start: () => repeater.start(), stop: () => repeater.stop() };
}
