import { eq } from 'drizzle-orm';
import type { Queryable } from './queryable.ts';
import { preferences } from './tables.ts';

export type PreferenceRow = Readonly<typeof preferences.$inferSelect>;

/** Named queries on `preferences`. */
export const preferenceStore = {
  async find(db: Queryable, userId: string): Promise<PreferenceRow | undefined> {
    const [row] = await db.select().from(preferences).where(eq(preferences.userId, userId));
    return row;
  },

  async put(db: Queryable, row: PreferenceRow): Promise<void> {
    await db.insert(preferences).values(row).onConflictDoUpdate({ target: preferences.userId, set: row });
  },
};
