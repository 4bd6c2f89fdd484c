import { family } from '../pattern.ts';

/** A picture first, its meaning after. */
export const image = family('image', [
  ['think-of', 'think of {noun} as {image}: it {does}', ['calm', 'reflective', 'tender']],
  ['picture-truth', 'picture {image}. Now you know what {noun} is. {coda}', ['reflective', 'hopeful']],
  ['list', '{image}, {image2}: {noun} goes by many names', ['wistful', 'tender', 'grateful']],
  ['keep', 'of everything I was given, I kept {image}. It taught me that {truth}', ['wistful', 'grateful']],
  ['look-again', 'look again at {image}. {truth}', ['calm', 'reflective']],
  ['some-call', 'some call it luck. I have seen {image}, and I call it {noun}', ['bold', 'grateful', 'hopeful'], 0.6],
  ['gift-to-gift', 'somewhere between {image} and {gift} lies the whole of {noun}', ['reflective', 'wistful']],
  ['if-shape', 'if {noun} had a shape, it would be {image}', ['tender', 'wistful'], 0.5],
  ['enough', '{image} is enough. {truth}', ['grateful', 'calm', 'tender']],
]);
