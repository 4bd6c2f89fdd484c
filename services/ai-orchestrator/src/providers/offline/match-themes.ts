import type { Theme } from './theme.ts';
import { themes } from './themes.ts';

/** Enough of a long prompt to know what it is about. */
const wordsLookedAt = 400;
/** Themes that suit a prompt about anything. */
const broad: readonly string[] = ['time', 'courage', 'hope', 'learning', 'change', 'patience', 'kindness', 'truth'];

export interface ThemeMatch {
  readonly theme: Theme;
  readonly weight: number;
}

/**
 * Finds the themes of a brief, heaviest first.
 *
 * The theme asked for counts most, then words of the prompt, then the audience. A brief that names none of them gets a few
 * themes that are about everyone.
 */
export function matchThemes(brief: { readonly prompt: string; readonly theme: string; readonly audience: string }): ThemeMatch[] {
  const sources: readonly (readonly [text: string, weight: number])[] = [
    [brief.theme, 5],
    [brief.prompt, 2],
    [brief.audience, 0.3],
  ];
  const matches = themes
    .map((theme) => ({ theme, weight: sources.reduce((sum, [text, weight]) => sum + weight * hits(theme, text), 0) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  if (matches.length > 0) return matches.slice(0, 4);
  return themes.filter(({ noun }) => broad.includes(noun)).map((theme) => ({ theme, weight: 1 }));
}

/** The theme's own word and its kin count threefold; a stem that ends with a space stands for the whole word. */
function hits(theme: Theme, text: string): number {
  const words = (
    text
      .toLowerCase()
      .slice(0, 8000)
      .match(/[a-z]+/gu) ?? []
  ).slice(0, wordsLookedAt);
  const count = [...new Set(words)].reduce((sum, word) => {
    if (word === theme.noun || (theme.noun.length > 4 && word.startsWith(theme.noun.slice(0, 5)))) return sum + 3;
    return theme.stems.some((stem) => `${word} `.startsWith(stem)) ? sum + 1 : sum;
  }, 0);
  return Math.min(count, 5);
}
