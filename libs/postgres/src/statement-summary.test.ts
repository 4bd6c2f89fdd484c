import { describe, expect, it } from '@jest/globals';
import { summariseStatement } from './statement-summary.ts';

describe('the summary of a statement', () => {
  it.each([
    ['begin', 'BEGIN'],
    ['  select "id" from "quote"."quotes" where "text" = $1', 'SELECT quote.quotes'],
    ["\n  INSERT INTO outbox (id) VALUES ('from nowhere')", 'INSERT outbox'],
    ['UPDATE only outbox SET state = $1', 'UPDATE outbox'],
    ['delete from "quotes" using x', 'DELETE quotes'],
    ["SELECT pg_notify($1, '')", 'SELECT'],
    ['', 'QUERY'],
  ])('of %j is %j', (text, summary) => {
    expect(summariseStatement(text)).toBe(summary);
  });

  it('never grows with the statement', () => {
    expect(summariseStatement(`SELECT 1 FROM ${'x'.repeat(500)}`)).toHaveLength(80);
  });
});
