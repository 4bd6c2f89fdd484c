/** Chooses from lists, keeping away from what it chose lately. */
export interface Chooser {
  readonly random: () => number;
  /** One of `options`, never one of `except` while there is another. */
  pick(options: readonly string[], except?: readonly string[]): string;
  /** One of `options`, each as likely as its weight (0 or more) says; undefined where all weigh nothing. */
  weigh<Option>(options: readonly Option[], weightOf: (option: Option) => number): Option | undefined;
  /** Whether something was used lately. */
  usedLately(item: string): boolean;
  /** Keeps what a finished quote was made of, so that the next ones are made of something else. */
  remember(items: readonly string[]): void;
}

/** Remembers the last `limit` different things, and in what order they came. */
export interface Recall {
  /** Higher for what came later, 0 for what isn't remembered. */
  lastUse(item: string): number;
  add(item: string): void;
}

export function createRecall(limit: number): Recall {
  const uses = new Map<string, number>();
  let count = 0;
  return {
    lastUse: (item) => uses.get(item) ?? 0,
    add(item) {
      count += 1;
      uses.delete(item);
      uses.set(item, count);
      const [oldest] = uses.keys();
      if (uses.size > limit && oldest !== undefined) uses.delete(oldest);
    },
  };
}

/** Makes a chooser; all its chance comes from `random`, in [0, 1). */
export function createChooser(random: () => number, recall: Recall): Chooser {
  const oneOf = (options: readonly string[]): string => options[Math.floor(random() * options.length)] ?? '';
  return {
    random,
    pick(options, except = []) {
      const others = options.filter((option) => !except.includes(option));
      const allowed = others.length > 0 ? others : options;
      const fresh = allowed.filter((option) => recall.lastUse(option) === 0);
      if (fresh.length > 0) return oneOf(fresh);
      const oldestFirst = allowed.toSorted((a, b) => recall.lastUse(a) - recall.lastUse(b));
      return oneOf(oldestFirst.slice(0, Math.ceil(allowed.length / 2)));
    },
    weigh(options, weightOf) {
      const weights = options.map(weightOf);
      let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
      return options.find((_, index) => {
        const weight = weights[index] ?? 0;
        left -= weight;
        return weight > 0 && left < 0;
      });
    },
    usedLately: (item) => recall.lastUse(item) > 0,
    remember(items) {
      for (const item of items) recall.add(item);
    },
  };
}
