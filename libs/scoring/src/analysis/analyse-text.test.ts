import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { analyseText } from './analyse-text.ts';
import { emotionClasses } from './emotion-lexicon.ts';
import { emotionsOfTone, tones } from './tones.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc
    .array(fc.constantFrom('love', 'HATE', 'not', 'very', 'but', 'was', 'will', 'you', 'i', 'learn', 'fate', '!', '.'), { maxLength: 60 })
    .map((words) => words.join(' ')),
);
const sentiment = (text: string): number => analyseText(text).sentimentScore;
const profile = (text: string) => analyseText(text).psychologicalProfile;

describe('analyseText', () => {
  it('stays within its bounds and labels for any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { emotionalTone, emotions, sentimentScore, psychologicalProfile: found } = analyseText(text);
        expect(tones).toContain(emotionalTone);
        expect(emotions.length).toBeLessThanOrEqual(5);
        expect(emotions.map(({ score }) => score)).toEqual(emotions.map(({ score }) => score).toSorted((a, b) => b - a));
        for (const value of [
          ...emotions.map(({ score }) => score),
          found.arousal,
          found.perspective.confidence,
          found.time.confidence,
          found.framing.confidence,
        ]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
        expect(Math.abs(sentimentScore)).toBeLessThanOrEqual(1);
        expect(Math.abs(found.valence)).toBeLessThanOrEqual(1);
        expect(['self', 'other', 'world']).toContain(found.perspective.label);
        expect(['past', 'present', 'future', 'timeless']).toContain(found.time.label);
        expect(['growth', 'fixed', 'neutral']).toContain(found.framing.label);
      }),
    );
  });

  it.each([
    ['Every dawn keeps a promise the night forgot.', 'hopeful'],
    ['We laughed and sang until joy was all we had.', 'joyful'],
    ['My heart belongs to your kindness and your tender embrace.', 'loving'],
    ['I am grateful for the gift, and thankful for the bread.', 'grateful'],
    ['Be brave: dare the leap your fearless heart can face.', 'courageous'],
    ['Persist; discipline and practice climb where talent stops.', 'determined'],
    ['Be still: the quiet lake is at peace.', 'serene'],
    ['The universe is a mystery that asks us to explore.', 'curious'],
    ['I remember the old photograph of my childhood.', 'nostalgic'],
    ['She wept alone, and grief was all the loss had left.', 'melancholic'],
    ['Dread and worry tremble at every danger.', 'anxious'],
    ['Their rage and hatred call for revenge.', 'angry'],
    ['A clown giggles at a silly joke.', 'playful'],
    ['Granite, seven o’clock, the colour of the table.', 'neutral'],
  ])('hears the tone of %s', (text, tone) => {
    expect(analyseText(text).emotionalTone).toBe(tone);
  });

  it('hears no emotion in a word that is negated', () => {
    expect(analyseText('There is no rage here.').emotions).toEqual([]);
  });
});

describe('the sentiment', () => {
  it('follows valence, negation, degree, turns and raised voices', () => {
    expect(sentiment('Kindness is a wonderful gift.')).toBeGreaterThan(0.5);
    expect(sentiment('Cruelty is a terrible disaster.')).toBeLessThan(-0.5);
    expect(sentiment('It is not good.')).toBeLessThan(0);
    expect(sentiment('It is not only good.')).toBeGreaterThan(0);
    expect(sentiment('A very good day.')).toBeGreaterThan(sentiment('A good day.'));
    expect(sentiment('A slightly good day.')).toBeLessThan(sentiment('A good day.'));
    expect(sentiment('A good day!!')).toBeGreaterThan(sentiment('A good day.'));
    expect(sentiment('A GOOD day.')).toBeGreaterThan(sentiment('A good day.'));
    expect(sentiment('The loss was hard, but the peace is good.')).toBeGreaterThan(0);
    expect(sentiment('The peace was good, but the loss is hard.')).toBeLessThan(sentiment('The loss was hard, but the peace is good.'));
    expect(sentiment('The table is brown.')).toBe(0);
  });
});

describe('the profile', () => {
  it.each([
    ['I carry my own lamp.', 'self'],
    ['We are our stories.', 'self'],
    ['You carry your own lamp.', 'other'],
    ['They gave her bread.', 'other'],
    ['Rivers cut stone.', 'world'],
  ])('tells whom %s speaks of', (text, label) => expect(profile(text).perspective.label).toBe(label));

  it.each([
    ['She was there and had known it long ago.', 'past'],
    ['Tomorrow we will plant.', 'future'],
    ['I am here now, today.', 'present'],
    ['A river always cuts the stone.', 'timeless'],
  ])('tells when %s lives', (text, label) => expect(profile(text).time.label).toBe(label));

  it.each([
    ['Learn, practice, and begin again.', 'growth'],
    ['Fate is fixed, and talent is born.', 'fixed'],
    ['The lamp is on the table.', 'neutral'],
  ])('tells how %s sees change', (text, label) => expect(profile(text).framing.label).toBe(label));

  it('is surer with more evidence', () => {
    expect(profile('I know my own mind and I trust myself.').perspective.confidence).toBeGreaterThan(
      profile('I know the river.').perspective.confidence,
    );
  });

  it('tells calm words from excited ones', () => {
    expect(profile('Quiet rest and gentle peace.').arousal).toBeLessThan(profile('Rage, terror and fury burn.').arousal);
  });
});

describe('tones', () => {
  it('has one for each emotion and a neutral one, all different', () => {
    expect(tones).toHaveLength(emotionClasses.length + 1);
    expect(new Set(tones).size).toBe(tones.length);
  });

  it('finds the emotions behind a tone, an emotion’s name or another word for it, and none behind others', () => {
    expect(emotionsOfTone('Hopeful').map(({ name }) => name)).toEqual(['hope']);
    expect(emotionsOfTone('joy').map(({ name }) => name)).toEqual(['joy']);
    expect(emotionsOfTone('stoic').map(({ name }) => name)).toEqual(['serenity', 'determination']);
    for (const unknown of ['', 'neutral', 'toString', 'chartreuse']) expect(emotionsOfTone(unknown)).toEqual([]);
  });
});
