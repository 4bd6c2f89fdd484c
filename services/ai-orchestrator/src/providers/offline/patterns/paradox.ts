import { family } from '../pattern.ts';

/** What common opinion says, and what answers it. */
export const paradox = family('paradox', [
  ['they-say', 'they say {lie}. In fact {but}', ['bold', 'witty'], 0.6],
  ['we-are-told', 'we are told that {lie}; look closer, and {but}', ['reflective'], 0.6],
  ['i-believed', 'for years I believed that {lie}. Now I know better: {but}', ['wistful', 'reflective'], 0.6],
  ['coda', '{lie}, they say. But {but}, and {truth}', ['defiant', 'bold']],
  ['act', 'forget that {lie}; {but}. So {act}', ['bold', 'defiant']],
  ['mistake', 'the oldest mistake about {noun} is that {lie}. No: {but}', ['stoic', 'witty'], 0.6],
  ['bearers', 'the world says that {lie}. {bearers} know that {truth}', ['defiant', 'hopeful']],
]);
