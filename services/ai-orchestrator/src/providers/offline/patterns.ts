import { advice } from './patterns/advice.ts';
import { antithesis } from './patterns/antithesis.ts';
import { bargain } from './patterns/bargain.ts';
import { company } from './patterns/company.ts';
import { definition } from './patterns/definition.ts';
import { image } from './patterns/image.ts';
import { keyedEvent, keyedPerson, keyedThing } from './patterns/keyed.ts';
import { paradox } from './patterns/paradox.ts';
import { place } from './patterns/place.ts';
import { question } from './patterns/question.ts';
import { scene } from './patterns/scene.ts';
import { short } from './patterns/short.ts';
import { turn } from './patterns/turn.ts';
import type { Pattern } from './pattern.ts';

/** Every way to build a quote. */
export const patterns: readonly Pattern[] = [
  ...advice,
  ...antithesis,
  ...bargain,
  ...company,
  ...definition,
  ...image,
  ...keyedEvent,
  ...keyedPerson,
  ...keyedThing,
  ...paradox,
  ...place,
  ...question,
  ...scene,
  ...short,
  ...turn,
];
