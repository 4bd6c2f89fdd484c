import { describe, expect, it } from '@jest/globals';
import { listOf, serviceWith, text } from '../test/support/service-with.ts';
import { checkLimits } from './check-limits.ts';
import { CompleteRequestSchema } from './ai.ts';
import { GenerateQuotesRequestSchema, UpdateQuoteRequestSchema } from './quote.ts';

type Field = ReturnType<typeof text>;
type Rules = NonNullable<Parameters<typeof text>[1]>;

const faultsOf = (field: Field): string[] => {
  const { input } = serviceWith({ name: 'A', fields: [field] }).method['a'] ?? {};
  if (input === undefined) throw new Error('the test made no method');
  return checkLimits(input);
};
const stringRules = (value: object): Rules => ({ type: { case: 'string', value } });
const listRules = (value: object): Rules => ({ type: { case: 'repeated', value } });

describe('checkLimits', () => {
  it.each([
    ['a length', stringRules({ maxLen: 5n })],
    ['a closed set of words', stringRules({ in: ['a', 'b'] })],
    ['the form of a UUID', stringRules({ wellKnown: { case: 'uuid', value: true } })],
  ])('takes %s for the bound of a text', (_, rules) => {
    expect(faultsOf(text('q', rules))).toEqual([]);
  });

  it.each([
    ['none', undefined],
    ['a lower one alone', stringRules({ minLen: 1n })],
    ['a form that can be of any length', stringRules({ wellKnown: { case: 'uri', value: true } })],
    ['a pattern', stringRules({ pattern: '^a*$' })],
  ])('refuses %s', (_, rules) => {
    expect(faultsOf(text('q', rules))).toEqual(['lets in q of ARequest without an upper limit']);
  });

  it('asks of a list for a bound on itself and on its items', () => {
    const items = stringRules({ maxLen: 5n });
    expect(faultsOf(listOf(text('q', listRules({ maxItems: 3n, items }))))).toEqual([]);
    expect(faultsOf(listOf(text('q', listRules({ items }))))).toHaveLength(1);
    expect(faultsOf(listOf(text('q', listRules({ maxItems: 3n }))))).toHaveLength(1);
  });

  it('looks into the messages of a message', () => {
    expect(checkLimits(CompleteRequestSchema)).toEqual([]);
    expect(checkLimits(GenerateQuotesRequestSchema)).toEqual([]);
    expect(checkLimits(UpdateQuoteRequestSchema)).toEqual([]);
  });

  it.each(['(?i)abc', '[[:alpha:]]+', '\\Aabc\\z'])(
    'refuses the pattern %s, which means something else in JSON Schema, or nothing',
    (pattern) => {
      expect(faultsOf(text('q', stringRules({ maxLen: 5n, pattern })))).toEqual([
        `has the pattern ${pattern} on q of ARequest, which ECMA-262 does not know`,
      ]);
    },
  );
});
