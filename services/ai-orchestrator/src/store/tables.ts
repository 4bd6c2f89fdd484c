import { sql } from 'drizzle-orm';
import { boolean, doublePrecision, index, jsonb, pgSchema, text, timestamp, uuid } from 'drizzle-orm/pg-core';

const aiSchema = pgSchema('ai');

/** Why each request was answered as it was. The id is a UUIDv7: its order is that of time. */
export const decisionsTable = aiSchema.table(
  'decisions',
  { id: uuid('id').primaryKey(), userId: uuid('user_id'), record: jsonb('record').$type<unknown>().notNull() },
  (table) => [
    index('decisions_user')
      .on(table.userId, table.id.desc())
      .where(sql`user_id is not null`),
  ],
);

/** What administrators have decided about providers. */
export const overridesTable = aiSchema.table('provider_overrides', {
  providerId: text('provider_id').primaryKey(),
  enabled: boolean('enabled').notNull().default(true),
  draining: boolean('draining').notNull().default(false),
  weight: doublePrecision('weight'),
  updatedAt: timestamp('updated_at', { withTimezone: true, precision: 3 }).notNull(),
  updatedBy: uuid('updated_by').notNull(),
});
