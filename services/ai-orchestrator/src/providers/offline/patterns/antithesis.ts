import { family } from '../pattern.ts';

/** Two forces side by side. */
export const antithesis = family('antithesis', [
  ['semicolon', '{shadow} {shadowDoes}; {noun} {does}', ['bold', 'stoic']],
  ['while', 'while {shadow} {shadowDoes}, {noun} {does}', ['calm', 'hopeful']],
  ['reversed', '{noun} {does}. {shadow} {shadowDoes}'],
  ['same-street', '{shadow} and {noun} live on the same street: one {shadowDoes}, the other {does}', ['witty', 'reflective']],
  ['let-it', 'let {shadow} do what it does: it {shadowDoes}. {noun} {does}', ['defiant', 'stoic']],
  ['two-teachers', 'I had two teachers. {shadow} {shadowDoes}, and {noun} {does}', ['reflective', 'wistful']],
  ['louder', '{shadow} is louder. It {shadowDoes}. Meanwhile {noun} {does}', ['defiant', 'hopeful']],
  ['easy-to-spot', 'how to tell them apart: {shadow} {shadowDoes}, {noun} {does}', ['witty', 'stoic']],
]);
