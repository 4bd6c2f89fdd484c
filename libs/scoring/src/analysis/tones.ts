import { emotionClasses } from './emotion-lexicon.ts';
import type { EmotionClass } from './emotion-lexicon.ts';

/** The tone of a text in which no emotion is found. */
export const neutralTone = 'neutral';

/** Every tone that analyseText can find, one for each emotion and `neutral`. */
export const tones: readonly string[] = [...emotionClasses.map(({ tone }) => tone), neutralTone];

/** Other words by which people ask for a tone, with the emotions that serve it. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  inspirational: ['hope', 'courage', 'determination'],
  inspiring: ['hope', 'courage', 'determination'],
  uplifting: ['hope', 'joy'],
  motivational: ['determination', 'courage'],
  motivating: ['determination', 'courage'],
  encouraging: ['hope', 'courage'],
  optimistic: ['hope'],
  happy: ['joy'],
  cheerful: ['joy'],
  celebratory: ['joy', 'pride'],
  romantic: ['love'],
  warm: ['love', 'gratitude'],
  kind: ['love'],
  tender: ['love'],
  gentle: ['serenity', 'love'],
  compassionate: ['love'],
  thankful: ['gratitude'],
  humble: ['gratitude'],
  brave: ['courage'],
  bold: ['courage'],
  defiant: ['courage', 'anger'],
  strong: ['determination'],
  stoic: ['serenity', 'determination'],
  resilient: ['determination', 'courage'],
  calm: ['serenity'],
  calming: ['serenity'],
  peaceful: ['serenity'],
  quiet: ['serenity'],
  soothing: ['serenity'],
  comforting: ['serenity', 'love'],
  wondering: ['wonder'],
  awed: ['wonder'],
  mystical: ['wonder'],
  thoughtful: ['reflection'],
  philosophical: ['reflection'],
  wise: ['reflection'],
  contemplative: ['reflection', 'serenity'],
  serious: ['reflection'],
  wistful: ['nostalgia', 'sadness'],
  bittersweet: ['nostalgia', 'sadness', 'love'],
  sad: ['sadness'],
  melancholy: ['sadness'],
  somber: ['sadness'],
  dark: ['sadness', 'fear'],
  fearful: ['fear'],
  worried: ['fear'],
  furious: ['anger'],
  bitter: ['anger'],
  funny: ['humor', 'joy'],
  humorous: ['humor', 'joy'],
  witty: ['humor'],
  lighthearted: ['humor', 'joy'],
  triumphant: ['pride', 'joy'],
};

const classesByName = new Map(emotionClasses.map((emotion) => [emotion.name, emotion]));

/** Gives the emotions that serve a tone, by its name here, by the emotion's, or by a common other name; none for an unknown one. */
export function emotionsOfTone(tone: string): EmotionClass[] {
  const asked = tone.trim().toLowerCase();
  const own = emotionClasses.find(({ tone: known, name }) => known === asked || name === asked);
  if (own !== undefined) return [own];
  const names = Object.hasOwn(otherNames, asked) ? (otherNames[asked] ?? []) : [];
  return names.flatMap((name) => classesByName.get(name) ?? []);
}
