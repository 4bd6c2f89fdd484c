import type { Database } from '@quotemaster/postgres';
import type { ProviderOverride } from '../selection/overrides.ts';
import { overridesTable } from './tables.ts';

/** The table of what administrators have decided about providers. */
export interface OverrideStore {
  /** By provider. */
  all(): Promise<ReadonlyMap<string, ProviderOverride>>;
  /** Changes these fields alone where there is a row, so that two who change different ones undo nothing of each other. */
  put(providerId: string, override: ProviderOverride, by: ChangedBy): Promise<void>;
}

interface ChangedBy {
  readonly fields: readonly (keyof ProviderOverride)[];
  readonly now: Date;
  readonly userId: string;
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
    async put(providerId, { enabled, draining, weight }, { fields, now, userId }) {
      const by = { updatedAt: now, updatedBy: userId };
      const values = { enabled, draining, weight: weight ?? null };
      const changed = Object.fromEntries(fields.map((field) => [field, values[field]]));
      await db
        .insert(overridesTable)
        .values({ providerId, ...values, ...by })
        .onConflictDoUpdate({ target: overridesTable.providerId, set: { ...changed, ...by } });
    },
  };
}
