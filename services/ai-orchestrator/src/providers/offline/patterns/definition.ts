import { family } from '../pattern.ts';

/** What a thing is, said by something smaller and nearer. */
export const definition = family('definition', [
  ['is', '{noun} is {image}', ['calm'], 0.5],
  ['not-but', '{noun} is not a grand thing. It is {image}', ['stoic', 'calm'], 0.6],
  ['two-images', '{noun} is sometimes {image}, and sometimes {image2}', ['reflective', 'tender']],
  ['dictionary', 'the dictionary gives {noun} six lines. I would give it one: {image}', ['witty', 'reflective'], 0.6],
  ['colon-act', '{virtue}, in practice: {act}', ['stoic', 'bold', 'witty'], 0.6],
  ['by-truth', '{noun} is {image}, and the knowledge that {truth}', ['hopeful', 'reflective']],
  ['begins', '{noun} begins as {image} and ends as {gift}', ['hopeful', 'tender']],
  ['does-is', '{noun} is whatever {does}', ['bold', 'stoic'], 0.5],
  ['smaller', 'I expected {noun} to be larger. It was {image}', ['wistful', 'tender', 'witty'], 0.6],
  ['child', 'if a child asks you about {noun}, say that it {does}', ['tender', 'hopeful'], 0.6],
]);
