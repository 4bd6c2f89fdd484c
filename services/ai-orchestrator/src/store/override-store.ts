import type { Database } from '@quotemaster/postgres';
import type { ProviderOverride } from '../selection/overrides.ts';
import { overridesTable } from './tables.ts';

/** The table of what administrators have decided about providers. */
export interface OverrideStore {
  /** By provider. */
  all(): Promise<ReadonlyMap<string, ProviderOverride>>;
  put(providerId: string, override: ProviderOverride, by: { readonly now: Date; readonly userId: string }): Promise<void>;
}

/** There are no more providers than this. */
const rowsMax = 1_000;

export function createOverrideStore(db: Database): OverrideStore {
  return {
    async all() {
      const rows = await db.select().from(overridesTable).limit(rowsMax);
      return new Map(
        rows.map(({ providerId, enabled, draining, weight }) => [providerId, { enabled, draining, weight: weight ?? undefined }]),
      );
    },
    async put(providerId, { enabled, draining, weight }, { now, userId }) {
      const values = { enabled, draining, weight: weight ?? null, updatedAt: now, updatedBy: userId };
      await db
        .insert(overridesTable)
        .values({ providerId, ...values })
        .onConflictDoUpdate({ target: overridesTable.providerId, set: values });
    },
  };
}
