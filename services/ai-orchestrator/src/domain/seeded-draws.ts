/** Numbers that look random and are the same for the same seed: what makes a choice repeatable. */
export interface Draws {
  /** 0 up to 1. */
  next(): number;
  /** One of the indices of `weights`, each as likely as its weight; the weights are not negative, and one is above 0. */
  weighted(weights: readonly number[]): number;
}

/**
 * Creates the draws of a 32-bit seed, by the generator SplitMix32.
 * @see https://doi.org/10.1145/2660193.2660195 Steele, Lea, Flood: Fast splittable pseudorandom number generators
 */
export function createDraws(seed: number): Draws {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 2 ** 32;
  }
  return {
    next,
    weighted(weights) {
      let left = next() * weights.reduce((sum, weight) => sum + weight, 0);
      for (const [index, weight] of weights.entries()) {
        left -= weight;
        if (left < 0 && weight > 0) return index;
      }
      return weights.findLastIndex((weight) => weight > 0);
    },
  };
}
