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

/** Remembers the last `limit` different things. */
export interface Recall {
  has(item: string): boolean;
  add(item: string): void;
}

export function createRecall(limit: number): Recall {
  const items = new Set<string>();
  return {
    has: (item) => items.has(item),
    add(item) {
      items.delete(item);
      items.add(item);
      const [oldest] = items;
      if (items.size > limit && oldest !== undefined) items.delete(oldest);
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
      const fresh = others.filter((option) => !recall.has(option));
      if (fresh.length > 0) return oneOf(fresh);
      return oneOf(others.length > 0 ? others : options);
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
    usedLately: (item) => recall.has(item),
    remember(items) {
      for (const item of items) recall.add(item);
    },
  };
}
