/** Says what a pattern of the contract asks for, as the end of a sentence: nobody should have to read one. */
export function patternSentence(pattern: string): string {
  // Texts of people, of one line or several; see the patterns in proto/.
  if (pattern.startsWith('^[\\x09-\\x0d\\x20\\xa0]*[^')) return 'must not be blank or hold control characters';
  if (pattern === '^[^\\u0000]*$') return 'must not hold the character U+0000';
  return `must match ${pattern}`;
}
