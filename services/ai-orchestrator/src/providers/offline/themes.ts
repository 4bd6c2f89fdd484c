import { change, failure, loss } from './themes/grief-and-change.ts';
import { forgiveness, leadership, resilience } from './themes/character.ts';
import { freedom, gratitude, joy, truth } from './themes/clear-sight.ts';
import { friendship, kindness, love } from './themes/heart.ts';
import { courage, hope, patience } from './themes/inner-strength.ts';
import { creativity, learning, work } from './themes/making.ts';
import { health, rest, solitude } from './themes/stillness.ts';
import { home, nature, time } from './themes/world.ts';
import type { Theme } from './theme.ts';

/** Every theme the composer knows. */
export const themes: readonly Theme[] = [
  courage,
  hope,
  patience,
  love,
  friendship,
  kindness,
  loss,
  change,
  failure,
  work,
  learning,
  creativity,
  time,
  nature,
  home,
  solitude,
  rest,
  health,
  truth,
  freedom,
  gratitude,
  joy,
  leadership,
  resilience,
  forgiveness,
];
