import { describe, expect, it } from '@jest/globals';
import { createChooser, createRecall } from './chooser.ts';
import { fillForm } from './fill-form.ts';
import { findKeyNouns } from './key-noun.ts';
import { patterns } from './patterns.ts';
import { createSeededRandom } from './seeded-random.ts';
import { themes } from './themes.ts';
import { tones } from './tones.ts';

/** An article, or a word that can't be counted: "{image} is enough" must agree. No comma: more may follow. */
const singular = /^(?:an?|the|one|bread|cold water|fear|frost|hot water|laughter|love|moss|rain|soup|washing) [^,]+$/u;

describe('patterns', () => {
  it('are more than a hundred, each with a name and a form of its own', () => {
    expect(patterns.length).toBeGreaterThan(100);
    expect(new Set(patterns.map(({ id }) => id)).size).toBe(patterns.length);
    expect(new Set(patterns.map(({ form }) => form)).size).toBe(patterns.length);
  });

  it('have only slots that every theme can fill', () => {
    const chooser = createChooser(createSeededRandom(1), createRecall(10));
    const [key] = findKeyNouns('a garden');
    for (const pattern of patterns) {
      for (const theme of themes) {
        const { text } = fillForm(pattern, { theme, other: themes[0]!, key, tone: tones[0]! }, 40, chooser);
        expect(text).not.toMatch(/[{}]|undefined|^\.|, \.| {2}/u);
      }
    }
  });

  it('refuse a slot that does not exist', () => {
    const chooser = createChooser(createSeededRandom(1), createRecall(10));
    const material = { theme: themes[0]!, other: themes[1]!, key: undefined, tone: tones[0]! };
    expect(() => fillForm({ form: '{nothing}', wordsMin: 1 }, material, 10, chooser)).toThrow('{nothing}');
  });
});

describe('themes', () => {
  it('stand near themes that exist, and never near themselves', () => {
    const nouns = themes.map(({ noun }) => noun);
    for (const { noun, near } of themes) {
      expect(nouns).toEqual(expect.arrayContaining([...near]));
      expect(near).not.toContain(noun);
    }
  });

  it('hold phrases that fit into a sentence: no capitals in front, no stop at the end, none twice', () => {
    for (const { noun, does, short, shadowDoes, image, act, truth, turn, scene, place, gift, price, when } of themes) {
      const lists = [
        does,
        short,
        shadowDoes,
        image,
        act,
        truth,
        scene,
        place,
        gift,
        price,
        when,
        turn.map(([lie]) => lie),
        turn.map(([, but]) => but),
      ];
      for (const list of lists) {
        expect([noun, list.length]).toEqual([noun, new Set(list).size]);
        expect(list.length).toBeGreaterThanOrEqual(5);
        for (const phrase of list) expect(phrase).toMatch(/^[a-z"].*[^.?!,;: ]$/u);
      }
      for (const phrase of [...image, ...scene]) expect(phrase).not.toMatch(/\ban? (?:a|an|the)\b/u);
      for (const phrase of image) expect(phrase).toMatch(singular);
      for (const moment of when) expect(moment).toMatch(/^when /u);
    }
  });

  it('answer each of their questions', () => {
    for (const [question, answer] of themes.flatMap(({ ask }) => ask)) {
      expect(question).toMatch(/^[A-Z].*\?$/u);
      expect(answer).toMatch(/^[A-Z].*[^.?!]$/u);
    }
  });
});
