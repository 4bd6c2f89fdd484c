import { describe, expect, it } from '@jest/globals';
import { findKeyNouns } from './key-noun.ts';

function foundIn(prompt: string): string[] {
  return findKeyNouns(prompt).map(({ indefinite }) => indefinite);
}

describe('findKeyNouns', () => {
  it('finds nouns it knows, in the singular, with the right article', () => {
    expect(foundIn('umbrellas, children and an old piano in the rain')).toEqual(['an umbrella', 'a child', 'a piano', 'rain']);
  });

  it('takes a noun it does not know from its place after an article or possessive', () => {
    expect(foundIn('what my zeppelin taught me')).toEqual([]);
    expect(foundIn('a letter to my zeppelin')).toEqual(['a letter', 'a zeppelin']);
    expect(foundIn('an ocarina in the rain')).toEqual(['an ocarina', 'rain']);
  });

  it('leaves out names, capitals, other scripts and the words of requests', () => {
    expect(foundIn('Umbrella GARDEN a Quote by my Anna, ein Haus, 庭')).toEqual([]);
    expect(foundIn('give me a quote for my prompt')).toEqual([]);
  });
});
