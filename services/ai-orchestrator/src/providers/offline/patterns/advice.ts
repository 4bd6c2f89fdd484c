import { family } from '../pattern.ts';

/** Something to do, small enough to do today. */
export const advice = family('advice', [
  ['act-truth', '{act}. {truth}', ['stoic', 'bold', 'calm']],
  ['when-act', '{when}, {act}', ['stoic', 'calm'], 0.8],
  ['when-remember', '{when}, remember that {truth}', ['tender', 'hopeful', 'calm']],
  ['two-acts', '{act}. {act2}. What follows is {virtue}, and it comes by itself', ['calm', 'hopeful']],
  ['one-thing', 'if you can do only one thing today, {act}: {truth}', ['tender', 'hopeful']],
  ['before', 'start here: {act}. {truth}', ['stoic', 'calm']],
  ['gerund', 'there is more {virtue} in {acting} than in any speech about it', ['stoic', 'witty'], 0.7],
  ['gerund-half', '{acting} is half of {virtue}; the other half is {acting2}', ['witty', 'calm']],
  ['not-asked', 'never mind the speech. {act}. {coda}', ['tender', 'calm']],
  ['advice-short', 'my whole advice on {noun}: {act}, and {when}, {act2}', ['witty', 'stoic']],
  ['learn-from', 'learn {virtue} the way everyone does: {act}, then {act2}', ['bold', 'hopeful']],
  ['gift', '{act}, and keep what comes of it: {gift}', ['hopeful', 'grateful']],
]);
