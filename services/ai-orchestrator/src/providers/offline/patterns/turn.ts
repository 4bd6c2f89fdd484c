import { family } from '../pattern.ts';

/** Two sentences, the second of which turns the first. */
export const turn = family('turn', [
  ['learned-late', 'I learned it late: {truth}', ['wistful', 'reflective'], 0.6],
  ['no-secret', 'there is no secret to {noun}. {truth}, and that is all', ['stoic', 'calm'], 0.7],
  ['does-truth', '{noun} {does}. It knows that {truth}', ['reflective', 'hopeful', 'tender']],
  ['bearers-know', '{bearers} are no different from you. They just know that {truth}', ['hopeful', 'tender'], 0.7],
  ['ask-nothing', 'do not ask {noun} for a plan. It {does}, and that has always been the plan', ['witty', 'bold'], 0.7],
  ['and-yet', '{shadow} {shadowDoes}. And yet {truth}', ['hopeful', 'defiant']],
  ['two-truths', 'two things are true at once: {truth}, and {truth2}', ['reflective', 'stoic']],
  ['small-print', 'the small print of {noun}: {truth}', ['witty'], 0.7],
  ['shadow-forgets', 'what {shadow} never mentions is that {truth}', ['defiant', 'bold', 'hopeful'], 0.7],
  ['coda', '{truth}. {coda}', [], 1.4],
  ['does-coda', '{noun} {does}. {coda}', [], 1],
  ['trumpets', 'nobody told me that {noun} {does}. I had expected trumpets', ['wistful', 'witty'], 0.5],
]);
