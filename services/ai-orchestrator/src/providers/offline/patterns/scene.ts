import { family } from '../pattern.ts';

/** Somebody doing something, seen in passing. */
export const scene = family('scene', [
  ['that-is', '{scene}: that is {noun}, and it needs no other name', ['tender', 'grateful'], 0.6],
  ['saw-today', 'I saw {noun} today. It was {scene}', ['tender', 'grateful', 'wistful'], 0.6],
  ['two-scenes', '{scene}, {scene2}: {noun} has never needed a bigger stage', ['tender', 'hopeful', 'reflective']],
  ['statue', 'they build statues to other things. I would build one to {scene}', ['defiant', 'grateful', 'witty'], 0.6],
  ['scene-truth', 'watch {scene}, and you will understand that {truth}', ['calm', 'reflective', 'hopeful']],
  ['look-closely', 'the history books leave out {scene}. {noun} does not', ['defiant', 'wistful'], 0.6],
  ['study', 'for a whole lesson in {noun}, find {scene}', ['calm', 'witty'], 0.6],
  ['like-scene', 'do it like {scene}: without applause, and with {virtue}', ['stoic', 'bold', 'tender'], 0.6],
]);
