import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseAnswer } from './parse-answer.ts';

describe('parseAnswer', () => {
  it('reads one quote a line, in order, each once', () => {
    expect(parseAnswer('A river returns.\n\n  Ask the root.  \r\nA river returns.\n')).toEqual(['A river returns.', 'Ask the root.']);
  });

  it.each([
    ['numbers', '1. A river returns.\n2) Ask the root.'],
    ['bullets', '- A river returns.\n* Ask the root.'],
    ['quotation marks', '"A river returns."\n“Ask the root.”'],
    ['names', 'A river returns. — Ada Ríos\n"Ask the root." - J. S. O’Neil'],
    ['a heading', 'Here are two quotes:\nA river returns.\nAsk the root.'],
    ['a fence', '```text\nA river returns.\nAsk the root.\n```'],
    ['rules', 'A river returns.\n---\nAsk the root.'],
    ['JSON', '{"quotes":[{"text":"A river returns."},{"text":" Ask the\\nroot. "}]}'],
    ['fenced JSON', '```json\n{"quotes":["A river returns.","Ask the root."]}\n```'],
    ['a JSON list', '[{"text":"A river returns."}, "Ask the root."]'],
  ])('reads quotes with %s', (_kind, text) => {
    expect(parseAnswer(text)).toEqual(['A river returns.', 'Ask the root.']);
  });

  it('leaves a sentence as it is', () => {
    for (const quote of [
      '“Yes” is a door, “no” a wall.',
      'Seek the root — not the branch.',
      '12 oaks outlive one storm.',
      'Wait—Winter ends.',
      "'Tis late.",
      'Say it. Then — silence.',
    ]) {
      expect(parseAnswer(quote)).toEqual([quote]);
    }
  });

  it.each([
    '',
    ' \n ',
    '12 34',
    '!!!',
    '{"quotes":',
    '{"quote":"A river returns."}',
    '{"quotes":"x"}',
    '[{"quote":1}]',
    '{"text":null}',
    'a'.repeat(2_001),
  ])('finds no quote in %p', (text) => {
    expect(parseAnswer(text)).toEqual([]);
  });

  it('gives trimmed lines with a letter for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json(),
          fc.string({ unit: fc.constantFrom('a', '"', '\n', '-', ' ', '1', '.', '{', '`') }),
        ),
        (text) => {
          for (const quote of parseAnswer(text)) {
            expect(quote).toBe(quote.trim());
            expect(quote).toMatch(/\p{L}/u);
            expect(quote.length).toBeLessThanOrEqual(2_000);
          }
        },
      ),
    );
  });
});
