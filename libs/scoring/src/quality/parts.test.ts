import { describe, expect, it } from '@jest/globals';
import { normaliseQuote } from '../text/normalise-quote.ts';
import { scoreCliche } from './cliche.ts';
import { cliches } from './cliches.ts';
import { scoreClarity } from './clarity.ts';
import { scoreForm } from './form.ts';
import { scoreRelevance } from './relevance.ts';
import { scoreRepetition } from './repetition.ts';
import { scoreRhythm } from './rhythm.ts';

describe('scoreForm', () => {
  it.each([
    'Return, river.',
    '“Return,” said the river.',
    'Why wait? Begin.',
    'Warte nicht…',
    '¿Quién espera?',
    '耐心是力量。',
    'She said "wait."',
    'It’s 5 o’clock somewhere in the heart.',
  ])('finds no fault with %s', (text) => {
    expect(scoreForm(text)).toBe(1);
  });

  it.each([
    'Return, river',
    'return, river.',
    'Return, (river.',
    '“Return, river.',
    'Return, river!!',
    '1. Return, river.',
    'RETURN, RIVER.',
    '# Return, river.',
  ])('finds fault with %s', (text) => {
    expect(scoreForm(text)).toBeLessThan(0.9);
  });

  it('takes a broken end for worse than a missing full stop', () => {
    expect(scoreForm('A river returns to the')).toBeLessThan(scoreForm('A river returns to stone'));
  });
});

describe('scoreCliche', () => {
  it('knows its phrases whatever their case and apostrophes', () => {
    expect(scoreCliche('But IT’S NEVER too late to plant a tree.')).toBeLessThan(0.5);
  });

  it('takes no part of a word for a phrase', () => {
    expect(scoreCliche('Unless is more than a word.')).toBe(1);
  });

  it('takes more off for more of the text', () => {
    const padded = 'Never give up the habit of asking old rivers which of their stones they like the most.';
    expect(scoreCliche('Never give up.')).toBeLessThan(scoreCliche(padded));
  });

  it('lists its phrases once each and in the form in which they are looked for', () => {
    expect(new Set(cliches).size).toBe(cliches.length);
    for (const phrase of cliches) expect(normaliseQuote(phrase)).toBe(phrase);
  });
});

describe('scoreRepetition', () => {
  it('lets a word of weight be said twice, and a parallel', () => {
    expect(scoreRepetition('Patience is not the art of waiting; it is the art of working while you wait.')).toBe(1);
  });

  it('counts a word doubled or said for the third time', () => {
    expect(scoreRepetition('The the river returns to stone.')).toBeLessThan(1);
    expect(scoreRepetition('Hope feeds hope until hope is fed.')).toBeLessThan(1);
  });
});

describe('scoreRhythm', () => {
  it('hears a contrast, a comparison and a parallel', () => {
    const plain = scoreRhythm('The man went home by the shore one evening.');
    for (const figured of [
      'Seek the root, not the branch.',
      'A closed hand is like a locked door.',
      'Ask the young for fire, ask the old for wood.',
    ]) {
      expect(scoreRhythm(figured)).toBeGreaterThan(plain);
    }
  });
});

describe('scoreClarity', () => {
  it('puts things one can see above ideas, and ideas above office language', () => {
    const seen = scoreClarity('The lamp waits by the door for a hand.', {});
    const thought = scoreClarity('The idea is there for those who want it.', {});
    const office = scoreClarity('The framework is there to optimize the synergy.', {});
    expect(seen).toBeGreaterThan(thought);
    expect(thought).toBeGreaterThan(office);
  });

  it('takes common words of Latin script for sayable', () => {
    const words =
      'Rhythm, strengths, schwarz, jour, queue, fjord, llama, naïve, über, hymns, excess, explain, next, taxi, equal, boxcar and cognac are words';
    expect(scoreClarity(words, {})).toBeGreaterThan(0.5);
  });
});

describe('scoreRelevance', () => {
  it('counts the same word in another form fully and a near word almost', () => {
    expect(scoreRelevance('The gardener loved his stones.', { prompt: 'loving stone' })).toBe(1);
    expect(scoreRelevance('Endure.', { prompt: 'patience' })).toBe(0.7);
    expect(scoreRelevance('Marble.', { prompt: 'patience' })).toBe(0);
  });

  it('asks no more than three subjects of a long prompt', () => {
    expect(scoreRelevance('Rivers, stones and boats.', { prompt: 'river stone boat lamp window kettle apple engine' })).toBe(1);
  });

  it('takes prompt and theme for equals', () => {
    expect(scoreRelevance('Endless rivers.', { prompt: 'river', theme: 'patience' })).toBe(0.5);
  });
});
