/** Counts tokens by the rule of this simulator: four characters (UTF-16 units) are one, a rest is one more. */
export function countTokens(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
}
