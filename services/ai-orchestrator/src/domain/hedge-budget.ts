/** What share of calls may be made twice. */
export interface HedgePolicy {
  /** 0 switches hedging off; 0.05 is one extra call in twenty. */
  readonly share: number;
  /** So many extra calls may be saved up. */
  readonly burst: number;
}

/** A token bucket that calls fill and extra calls empty: it knows no clock, so the share holds at any pace. */
export interface HedgeBudget {
  /** A call has been made. */
  earn(): void;
  /** Takes one extra call, where one has been earned. */
  spend(): boolean;
  /** Gives back what was taken and not used. */
  giveBack(): void;
}

export function createHedgeBudget(policy: () => HedgePolicy): HedgeBudget {
  let saved = 0;
  return {
    earn() {
      saved = Math.min(policy().burst, saved + policy().share);
    },
    spend() {
      // Sums of 0.05 fall a little short of 1.
      if (saved < 1 - 1e-9) return false;
      saved = Math.max(0, saved - 1);
      return true;
    },
    giveBack() {
      saved = Math.min(policy().burst, saved + 1);
    },
  };
}
