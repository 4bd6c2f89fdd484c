import { family } from '../pattern.ts';

/** For tight limits: three words and up, and the same air between long ones. */
export const short = family('short', [
  ['verb', '{noun} {short}', ['stoic', 'bold'], 0.3],
  ['two-verbs', '{noun} {short}; {other} {otherShort}', ['stoic', 'calm'], 0.5],
  ['before', '{virtue} before {shadow}', ['bold', 'calm'], 0.1],
  ['not', '{virtue}, not {shadow}', ['stoic', 'defiant'], 0.1],
  ['first', '{virtue} first', ['bold', 'stoic'], 0.1],
  ['try', 'try {virtue}', ['calm', 'witty'], 0.1],
  ['less-more', 'less {shadow}, more {virtue}', ['bold', 'hopeful'], 0.1],
  ['act', '{act}', ['bold', 'stoic'], 0.3],
  ['truth', '{truth}', ['stoic', 'reflective'], 0.4],
  ['image', '{noun}: {image}', ['calm', 'wistful'], 0.3],
  ['gift-of', '{noun} leaves {gift}', ['grateful', 'calm'], 0.3],
  ['choose', 'choose {virtue}; {shadow} {shadowDoes}', ['bold', 'defiant'], 0.5],
  ['truth-act', '{act}: {truth}', ['stoic', 'bold'], 0.8],
]);
