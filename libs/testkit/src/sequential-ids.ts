/** Creates a maker of valid UUIDv7 strings that count upwards: 00000000-0000-7000-8000-000000000001 and on. */
export function sequentialIds(): () => string {
  let count = 0;
  return () => `00000000-0000-7000-8000-${(++count).toString(16).padStart(12, '0')}`;
}
