import { family } from '../pattern.ts';

/** A question and its answer. */
export const question = family('question', [
  ['pair', '{ask} {answer}', [], 0.5],
  ['pair-coda', '{ask} {answer}. {coda}', [], 0.8],
  ['pair-act', '{ask} {answer}. So {act}', ['bold', 'hopeful']],
  ['what-is', 'what is {noun}, after all? {image}, and someone to notice it', ['tender', 'wistful', 'reflective'], 0.7],
  ['where', 'where does {noun} begin? {place}, as a rule', ['witty', 'calm'], 0.5],
  ['what-if', 'what if {shadow} is only practice, and {noun} {does}?', ['hopeful', 'reflective', 'tender'], 0.7],
  ['why', 'why {act}? Because {truth}', ['stoic', 'bold', 'calm']],
  ['who', 'who taught you that {lie}? {but}', ['defiant', 'bold'], 0.6],
  ['would-you', 'would you know {noun} if you saw it? It looks like {scene}', ['tender', 'wistful', 'witty'], 0.8],
]);
