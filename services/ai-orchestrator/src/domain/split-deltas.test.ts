import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkAnswer } from './check-answer.ts';
import { createDeltaSplitter } from './split-deltas.ts';

function put(pieces: readonly string[], count = 10): string[] {
  const splitter = createDeltaSplitter(count);
  const texts: string[] = [];
  for (const { index, text } of [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()])
    texts[index] = (texts[index] ?? '') + text;
  return texts;
}

/** Cuts a text into pieces at the places given. */
function cut(text: string, places: readonly number[]): string[] {
  const at = [0, ...places.map((place) => place % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
}

describe('createDeltaSplitter', () => {
  it('gives deltas that make up the quotes of the answer, however it is cut', () => {
    const line = fc
      .array(fc.constantFrom('a', 'river', 'Ask', 'the', 'root,', 'not', '—', '“it”', '3', 'ü'), { minLength: 2, maxLength: 8 })
      .map((words) => `Now ${words.join(' ')} ends.`);
    const answer = fc.tuple(
      fc.array(line, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('\n', '\n\n', '\r\n', ' \n  '),
      fc.constantFrom('', '\n', '  '),
    );
    fc.assert(
      fc.property(
        answer,
        fc.array(fc.nat(), { maxLength: 30 }),
        fc.constantFrom('', '- ', '1. '),
        ([lines, between, after], places, mark) => {
          const text = [...new Set(lines)].map((one) => mark + one).join(between) + after;
          expect({ quotes: put(cut(text, places)) }).toEqual(checkAnswer({ text, finishReason: 'stop' }, 10));
        },
      ),
    );
  });

  it('tells words as they come, not at the end of their line', () => {
    const splitter = createDeltaSplitter(1);
    expect(splitter.push('A river ')).toEqual([{ index: 0, text: 'A river' }]);
    expect(splitter.push('returns.')).toEqual([{ index: 0, text: ' returns.' }]);
    expect(splitter.end()).toEqual([]);
  });

  it('tells nothing beyond the quotes asked for', () => {
    expect(put(['One is here.\nTwo is here.\nThree is here.'], 2)).toEqual(['One is here.', 'Two is here.']);
  });

  it('tells nothing of JSON and fenced answers', () => {
    expect(put(['{"quotes":', '[{"text":"A river', ' returns."}]}'])).toEqual([]);
    expect(put(['```json\n["A river returns."]\n```'])).toEqual([]);
  });
});
