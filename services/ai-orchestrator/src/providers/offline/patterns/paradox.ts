import { family } from '../pattern.ts';

/** What common opinion says, and what answers it. */
export const paradox = family('paradox', [
  ['they-say', 'they say that {lie}. {but}', ['bold', 'witty'], 0.6],
  ['we-are-told', 'I was told that {lie}. Nobody had looked: {but}', ['reflective'], 0.6],
  ['i-believed', 'for years I believed that {lie}. Then an old hand set me right: {but}', ['wistful', 'reflective'], 0.6],
  ['coda', '{lie}, they say. {but}. {coda}', ['defiant', 'bold']],
  ['act', 'someone will tell you that {lie}. {but}. {act}', ['bold', 'defiant']],
  ['mistake', 'the oldest mistake about {noun} is that {lie}. No: {but}', ['stoic', 'witty'], 0.6],
  ['bearers', 'the world says that {lie}. {bearers} know that {truth}', ['defiant', 'hopeful']],
]);
