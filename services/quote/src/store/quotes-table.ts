import { sql } from 'drizzle-orm';
import { boolean, doublePrecision, index, jsonb, pgSchema, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Analysis, Provenance, QuoteSource } from '../domain/quote.ts';

const quoteSchema = pgSchema('quote');

/**
 * Users' quotes. Ids are made by the service; times have milliseconds, as JavaScript's have: a cursor built from a row
 * must equal the row.
 */
export const quotesTable = quoteSchema.table(
  'quotes',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id').notNull(),
    text: text('text').notNull(),
    textHash: text('text_hash').notNull(),
    author: text('author'),
    source: text('source').$type<QuoteSource>().notNull().default('ai_generated'),
    aiModel: text('ai_model'),
    psychologicalProfile: jsonb('psychological_profile').$type<Analysis['psychologicalProfile']>().notNull(),
    emotionalTone: text('emotional_tone').notNull(),
    emotions: jsonb('emotions').$type<Analysis['emotions']>().notNull(),
    sentimentScore: doublePrecision('sentiment_score').notNull(),
    qualityScore: doublePrecision('quality_score').notNull(),
    quality: jsonb('quality').$type<Analysis['quality']>().notNull(),
    tags: text('tags').array().$type<readonly string[]>().notNull().default([]),
    favorite: boolean('favorite').notNull().default(false),
    provenance: jsonb('provenance').$type<Provenance>().notNull(),
    edited: boolean('edited').notNull().default(false),
    createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
    updatedAt: timestamp('updated_at', { withTimezone: true, precision: 3 }).notNull(),
  },
  (table) => [
    index('quotes_user_newest').on(table.userId, table.createdAt.desc(), table.id.desc()),
    index('quotes_user_tone').on(table.userId, table.emotionalTone, table.createdAt.desc(), table.id.desc()),
    index('quotes_user_favorites')
      .on(table.userId, table.createdAt.desc(), table.id.desc())
      .where(sql`favorite`),
    index('quotes_tags').using('gin', table.tags),
    index('quotes_user_text').on(table.userId, table.textHash),
    // What a model wrote is stored once a user, however many calls race. People may keep the same words twice, and may
    // edit one quote into another.
    uniqueIndex('quotes_generated_once')
      .on(table.userId, table.textHash)
      .where(sql`source in ('ai_generated', 'voice') and not edited`),
  ],
);
