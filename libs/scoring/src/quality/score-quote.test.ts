import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scoreQuote } from './score-quote.ts';
import { weights } from './weights.ts';

const good = 'A river cuts the stone by returning, not by force.';
const score = (text: string, brief = {}): number => scoreQuote(text, brief).score;

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc
    .array(fc.constantFrom('love', 'not', 'the', 'never', 'give', 'up', 'River', '!', '.', ',', '"', '\n', 'qxz', '耐心'), {
      maxLength: 80,
    })
    .map((words) => words.join(' ')),
);
const anyBrief = fc.record(
  {
    prompt: anyText,
    tone: fc.constantFrom('hopeful', 'constructor', '', 'sad'),
    theme: fc.string(),
    maxWords: fc.nat(200),
    language: fc.constantFrom('', 'en', 'de-AT', '??'),
  },
  { requiredKeys: [] },
);

describe('scoreQuote', () => {
  it('keeps the score and every part within 0..1 with four decimals for any text and brief', () => {
    fc.assert(
      fc.property(anyText, anyBrief, (text, brief) => {
        const { score: whole, parts } = scoreQuote(text, brief);
        for (const value of [whole, ...(Object.values(parts) as number[])]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
          expect(Math.round(value * 10_000) / 10_000).toBe(value);
        }
      }),
    );
  });

  it('gives the same score each time', () => {
    fc.assert(fc.property(anyText, anyBrief, (text, brief) => expect(scoreQuote(text, brief)).toEqual(scoreQuote(text, brief))));
  });

  it('is the weighted mean of the parts that are there', () => {
    const { score: whole, parts } = scoreQuote(good, { prompt: 'patience of rivers' });
    const entries = Object.entries(parts) as [keyof typeof weights, number][];
    const weight = entries.reduce((sum, [name]) => sum + weights[name], 0);
    const mean = entries.reduce((sum, [name, value]) => sum + value * weights[name], 0) / weight;
    expect(whole).toBeCloseTo(mean, 4);
  });

  it('weighs the eight parts with one in all', () => {
    expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10);
  });

  it.each([
    ['a cliché', 'Follow your dreams and never give up.'],
    ['another cliché', 'Life is a journey, so live every day and reach for the stars.'],
    ['gibberish', 'Xqzt vbnk wqpl rtzx jkvq mnbz.'],
    ['keys pressed at random', 'asdkj qwlkej zmxnc qpwoe sdlfk.'],
    ['a sentence broken off', 'The only way to cut the stone is by returning to the'],
    ['capitals throughout', good.toUpperCase()],
    ['office language', 'Synergy leverages holistic paradigms for transformative stakeholder empowerment.'],
    ['one word said over and over', 'Stone stone stone stone stone stone stone stone stone.'],
    ['a single word', 'Rivers.'],
    ['a speech', `${good} `.repeat(12)],
    ['markup', `- **${good}**`],
    ['a link', 'Read more of this at https://example.com/quotes today.'],
    ['numbers', '12 34 56 78 90 11 22 33.'],
  ])('puts a good aphorism above %s', (_kind, worse) => {
    expect(score(worse)).toBeLessThan(score(good) - 0.05);
  });

  it('gives 0 to a text without a word', () => {
    for (const text of ['', '  ', '!!!', '… — …', '🙂🙂']) expect(score(text)).toBe(0);
  });

  it('puts an answer to the prompt above a fine sentence about something else', () => {
    const brief = { prompt: 'Waiting patiently for a seed to grow in my garden' };
    expect(score('A gardener waits for the seed as if waiting were the work.', brief)).toBeGreaterThan(score(good, brief));
  });

  it('leaves out the parts that nothing was asked of', () => {
    expect(Object.keys(scoreQuote(good).parts)).toEqual(['form', 'length', 'repetition', 'cliche', 'rhythm', 'clarity']);
    expect(scoreQuote(good, { prompt: 'of the', tone: 'chartreuse' }).parts).not.toHaveProperty('relevance');
    expect(scoreQuote(good, { tone: 'chartreuse' }).parts).not.toHaveProperty('tone');
    expect(scoreQuote(good, { tone: 'hopeful', language: 'de' }).parts).not.toHaveProperty('tone');
  });

  it('lets a bound of words count', () => {
    expect(scoreQuote(good, { maxWords: 10 }).parts.length).toBe(1);
    expect(scoreQuote(good, { maxWords: 6 }).parts.length).toBeLessThan(0.3);
    expect(scoreQuote('Return, river.', { maxWords: 3 }).parts.length).toBe(1);
  });

  it('tells the tone asked for from its opposite', () => {
    const hopeful = 'Even a candle believes in the dawn it will not see.';
    const angry = 'They hate the hand that fed their rage, and burn what they blame.';
    const tone = (text: string): number => scoreQuote(text, { tone: 'hopeful' }).parts.tone!;
    expect(tone(hopeful)).toBeGreaterThan(0.8);
    expect(tone(angry)).toBeLessThan(0.3);
    expect(scoreQuote(hopeful, { tone: ' Inspirational ' }).parts.tone).toBeGreaterThan(0.8);
  });

  it('does not take another language for noise where it is asked for', () => {
    expect(scoreQuote('Geduld heißt warten können, ohne stehen zu bleiben.', { language: 'de' }).score).toBeGreaterThan(0.75);
    expect(scoreQuote('耐心是一种力量，不是等待。', { language: 'zh' }).parts.clarity).toBeGreaterThan(0.7);
  });

  it('takes ten thousand characters', () => {
    for (const unit of ['word ', 'a', ',', '"', 'never give up ', '((', '<', 'a.']) {
      const long = unit.repeat(Math.ceil(10_000 / unit.length));
      expect(scoreQuote(long, { prompt: long, theme: long, tone: 'hopeful' }).score).toBeLessThan(0.9);
    }
  });
});
