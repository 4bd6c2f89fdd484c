/** Time that passes when everybody waits: a day takes as long as its events do. */
export interface VirtualTime {
  now(): number;
  monotonic(): number;
  /** Resolves at a time, in milliseconds from the beginning. */
  until(at: number): Promise<void>;
  /** Runs until nobody waits any more. */
  run(): Promise<void>;
}

interface Wait {
  readonly at: number;
  /** Of waits for the same time the first is first: runs of one seed must be the same. */
  readonly order: number;
  readonly resolve: () => void;
}

export function createVirtualTime(): VirtualTime {
  let now = 0;
  let order = 0;
  const heap: Wait[] = [];
  const isBefore = (one: Wait, other: Wait): boolean => one.at < other.at || (one.at === other.at && one.order < other.order);

  function push(wait: Wait): void {
    let index = heap.push(wait) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(heap[index] as Wait, heap[parent] as Wait)) break;
      swap(index, parent);
      index = parent;
    }
  }

  function pop(): Wait | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let index = 0; ;) {
      const children = [2 * index + 1, 2 * index + 2].filter((child) => child < heap.length);
      const [least = index] = children.toSorted((one, other) => (isBefore(heap[one] as Wait, heap[other] as Wait) ? -1 : 1));
      if (least === index || !isBefore(heap[least] as Wait, heap[index] as Wait)) return first;
      swap(index, least);
      index = least;
    }
  }

  function swap(one: number, other: number): void {
    [heap[one], heap[other]] = [heap[other] as Wait, heap[one] as Wait];
  }

  return {
    now: () => now,
    monotonic: () => now,
    until: (at) => new Promise((resolve) => push({ at: Math.max(now, at), order: (order += 1), resolve })),
    async run() {
      for (;;) {
        const next = pop();
        if (next === undefined) return;
        now = next.at;
        next.resolve();
        // Whoever was woken goes on to their next wait before time does.
        await new Promise(setImmediate);
      }
    },
  };
}
