import type { Database } from '@quotemaster/postgres';
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { AttemptUsage, Decision } from '../domain/decision.ts';
import { decisionsTable } from './tables.ts';

/** The table of decisions. */
export interface DecisionStore {
  /** Stores them in one statement; those stored before are left as they are. */
  insert(decisions: readonly Decision[]): Promise<void>;
  find(id: string): Promise<Decision | undefined>;
  /** Gives up to `limit` of a user's, newest first, older than the one named. */
  listOf(userId: string, beforeId: string | undefined, limit: number): Promise<Decision[]>;
  /** Deletes up to `limit` made before a time, in milliseconds of the epoch, and tells how many those were. */
  deleteSomeBefore(epochMs: number, limit: number): Promise<number>;
  /** Deletes up to `limit` of a user's and tells how many those were. */
  deleteSomeOf(userId: string, limit: number): Promise<number>;
}

export function createDecisionStore(db: Database): DecisionStore {
  return {
    async insert(decisions) {
      const rows = decisions.map((decision) => ({ id: decision.id, user_id: decision.userId ?? null, record: decision }));
      await db.execute(sql`
        insert into decisions (id, user_id, record)
        select id, user_id, record from jsonb_to_recordset(${toJson(rows)}::jsonb) as row(id uuid, user_id uuid, record jsonb)
        on conflict (id) do nothing`);
    },
    async find(id) {
      const [row] = await db.select().from(decisionsTable).where(eq(decisionsTable.id, id));
      return row === undefined ? undefined : toDecision(row.record);
    },
    async listOf(userId, beforeId, limit) {
      const rows = await db
        .select()
        .from(decisionsTable)
        .where(and(eq(decisionsTable.userId, userId), beforeId === undefined ? undefined : lt(decisionsTable.id, beforeId)))
        .orderBy(desc(decisionsTable.id))
        .limit(limit);
      return rows.map(({ record }) => toDecision(record));
    },
    async deleteSomeBefore(epochMs, limit) {
      const { rowCount } = await db.execute(
        sql`delete from decisions where id in (select id from decisions where id < ${firstIdAt(epochMs)} order by id limit ${limit})`,
      );
      return rowCount ?? 0;
    },
    async deleteSomeOf(userId, limit) {
      const { rowCount } = await db.execute(
        sql`delete from decisions where id in (select id from decisions where user_id = ${userId} limit ${limit})`,
      );
      return rowCount ?? 0;
    },
  };
}

/** The lowest UUIDv7 of a time: 48 bits of milliseconds come first. */
function firstIdAt(epochMs: number): string {
  const hex = Math.max(0, Math.floor(epochMs)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** Costs are whole numbers far below 2^53, and JSON knows no others. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner));
}

/** A decision as JSON gives it back: what was undefined is absent, and costs are numbers. */
type Stored<T> = T extends bigint ? number : T extends object ? { readonly [K in keyof T]: Stored<T[K]> } : T;

function toDecision(record: unknown): Decision {
  const stored = record as Stored<Decision>;
  const attempts = stored.attempts.map((attempt) => ({ ...attempt, usage: toUsage(attempt.usage) }));
  return { ...stored, usage: toUsage(stored.usage), attempts };
}

function toUsage(usage: Stored<AttemptUsage>): AttemptUsage {
  return { ...usage, costMicroUsd: BigInt(usage.costMicroUsd) };
}
