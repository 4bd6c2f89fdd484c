import { family } from '../pattern.ts';

/** Where to look for it. */
export const place = family('place', [
  ['lives', '{noun} lives {place}', ['calm', 'tender'], 0.5],
  ['begins-does', '{noun} begins {place}, and from there it {does}', ['hopeful', 'reflective']],
  ['look-for', 'do not look for {noun} in speeches. Look {place}', ['witty', 'stoic'], 0.6],
  ['met', 'I met {noun} {place}. It told me that {truth}', ['wistful', 'tender', 'grateful']],
  ['waits', '{noun} waits {place}. {act}', ['calm', 'hopeful', 'bold']],
  ['two-places', 'I searched for {noun} far away. It was {place}, or {place2}', ['wistful', 'grateful']],
  ['apart', '{noun} lives {place}; {shadow} {shadowDoes}', ['defiant', 'bold']],
]);
