/**
 * Cuts the inflection off an English word: plural, -ed, -ing, -ly, final e; "loving", "loved" and "loves" are all "lov".
 *
 * Much lighter than Porter's stemmer on purpose: -ful and -less stay, for "hopeful" and "hopeless" are not one word here.
 * Words of other languages come out a little shorter, and the same each time.
 */
export function stem(word: string): string {
  let root = word.replace(/'(?:s|re|ve|ll|d|m)?$/u, '');
  if (root.length > 4 && root.endsWith('ies')) root = `${root.slice(0, -3)}y`;
  else if (/(?:ss|x|ch|sh)es$/u.test(root)) root = root.slice(0, -2);
  else if (root.length > 3 && /[^siu]s$/u.test(root)) root = root.slice(0, -1);
  for (const ending of ['ing', 'ed', 'ly']) {
    const rest = root.slice(0, -ending.length);
    if (!root.endsWith(ending) || rest.length < 3 || !/[aeiouy]/u.test(rest)) continue;
    root = ending === 'ly' ? rest : rest.replace(/([bdgklmnprt])\1$/u, '$1');
    break;
  }
  if (root.length > 3) root = root.replace(/e$/u, '');
  return root.replace(/y$/u, 'i');
}

/** The stems of a list of words written with spaces between them. */
export function stemsOf(words: string): ReadonlySet<string> {
  return new Set(listOf(words).map(stem));
}

/** The words of a list written with white space between them. */
export function listOf(words: string): string[] {
  return words.trim().split(/\s+/u);
}
