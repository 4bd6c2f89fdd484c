import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm';
import type { Transaction } from '@quotemaster/postgres';
import type { Queryable } from './queryable.ts';
import { erasures, erasureSteps } from './tables.ts';

export type ErasureRow = Readonly<typeof erasures.$inferSelect>;
export type ErasureStepRow = Readonly<typeof erasureSteps.$inferSelect>;

/** A step that is due, with whom it concerns. */
export interface DueStep {
  readonly erasureId: string;
  readonly userId: string;
  readonly service: string;
  readonly attempts: number;
  /** Set where the step is done and only swept once more. */
  readonly completedAt: Date | null;
}

/** The service whose step comes last: this one. */
const lastService = 'user';

/** Named queries on `erasures` and `erasure_steps`. */
export const erasureStore = {
  async insert(db: Queryable, erasure: typeof erasures.$inferInsert, services: readonly string[]): Promise<void> {
    await db.insert(erasures).values(erasure);
    await db
      .insert(erasureSteps)
      .values(services.map((service) => ({ erasureId: erasure.id, service, nextAttemptAt: erasure.requestedAt })));
  },

  async find(db: Queryable, id: string): Promise<{ erasure: ErasureRow; steps: readonly ErasureStepRow[] } | undefined> {
    const [erasure] = await db.select().from(erasures).where(eq(erasures.id, id));
    if (erasure === undefined) return undefined;
    const steps = await db.select().from(erasureSteps).where(eq(erasureSteps.erasureId, id)).orderBy(asc(erasureSteps.service));
    return { erasure, steps };
  },

  /** The step that is due longest, held until the transaction ends; others take others. */
  async claim(tx: Transaction, now: Date): Promise<DueStep | undefined> {
    const [step] = await tx
      .select()
      .from(erasureSteps)
      .where(
        and(
          isNull(erasureSteps.sweptAt),
          lte(erasureSteps.nextAttemptAt, now),
          // The account itself goes last: while others fail, there is still something to find them by.
          sql`(${erasureSteps.service} <> ${lastService} OR NOT EXISTS (SELECT 1 FROM ${erasureSteps} AS other
            WHERE other.erasure_id = ${erasureSteps.erasureId} AND other.service <> ${lastService} AND other.completed_at IS NULL))`,
        ),
      )
      .orderBy(asc(erasureSteps.nextAttemptAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (step === undefined) return undefined;
    const [erasure] = await tx.select().from(erasures).where(eq(erasures.id, step.erasureId));
    return erasure === undefined ? undefined : { ...step, userId: erasure.userId };
  },

  /** Moves a step out of the way of others while it runs, and of itself where it fails. */
  async postpone(db: Queryable, step: Pick<DueStep, 'erasureId' | 'service'>, until: Date): Promise<void> {
    await db
      .update(erasureSteps)
      .set({ attempts: sql`${erasureSteps.attempts} + 1`, nextAttemptAt: until })
      .where(and(eq(erasureSteps.erasureId, step.erasureId), eq(erasureSteps.service, step.service)));
  },

  /** Marks a step as done, to be swept once more at `sweepAt`, and the erasure where it was the last; tells whether it was. */
  async complete(tx: Transaction, step: Pick<DueStep, 'erasureId' | 'service'>, now: Date, sweepAt: Date): Promise<boolean> {
    // Held, so that of two last steps at once one sees the other.
    await tx.select({ id: erasures.id }).from(erasures).where(eq(erasures.id, step.erasureId)).for('update');
    await tx
      .update(erasureSteps)
      .set({ completedAt: now, attempts: 0, nextAttemptAt: sweepAt })
      .where(and(eq(erasureSteps.erasureId, step.erasureId), eq(erasureSteps.service, step.service)));
    const completed = await tx
      .update(erasures)
      .set({ completedAt: now })
      .where(
        and(
          eq(erasures.id, step.erasureId),
          sql`NOT EXISTS (SELECT 1 FROM ${erasureSteps} WHERE erasure_id = ${step.erasureId} AND completed_at IS NULL)`,
        ),
      )
      .returning({ id: erasures.id });
    return completed.length > 0;
  },

  async markSwept(db: Queryable, step: Pick<DueStep, 'erasureId' | 'service'>, now: Date): Promise<void> {
    await db
      .update(erasureSteps)
      .set({ sweptAt: now })
      .where(and(eq(erasureSteps.erasureId, step.erasureId), eq(erasureSteps.service, step.service)));
  },
};
