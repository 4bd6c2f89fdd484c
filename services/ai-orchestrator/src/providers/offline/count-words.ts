/** Counts what stands between single spaces. */
export function countWords(text: string): number {
  let words = 1;
  for (let index = text.indexOf(' '); index !== -1; index = text.indexOf(' ', index + 1)) words += 1;
  return words;
}
