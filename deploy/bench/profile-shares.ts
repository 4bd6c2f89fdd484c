/** The part of a V8 CPU profile that is read. Times in microseconds. @see https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
export interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string; readonly url: string } }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** What a share of the time was spent in. */
export interface ProfileShare {
  /** A package, a lib or service of ours, a part of Node, `(gc)`, or `(native)`: system calls and the like. */
  readonly name: string;
  /** 0..1 of the time in which the process was not idle. */
  readonly share: number;
}

/** Sums up the last `seconds` of a profile by the package in which the time was spent, most first; with the milliseconds that were not idle. */
export function sumUp(profile: CpuProfile, seconds: number): { readonly busyMs: number; readonly shares: readonly ProfileShare[] } {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const whole = profile.timeDeltas.reduce((sum, delta) => sum + delta, 0);
  const spent = new Map<string, number>();
  let [at, busy] = [0, 0];
  for (const [index, sample] of profile.samples.entries()) {
    const delta = profile.timeDeltas[index] ?? 0;
    at += delta;
    const frame = frames.get(sample);
    if (at < whole - seconds * 1e6 || frame === undefined || frame.functionName === '(idle)') continue;
    const name = nameOf(frame);
    spent.set(name, (spent.get(name) ?? 0) + delta);
    busy += delta;
  }
  const shares = [...spent].map(([name, time]) => ({ name, share: time / busy })).sort((a, b) => b.share - a.share);
  return { busyMs: busy / 1_000, shares };
}

function nameOf({ functionName, url }: { functionName: string; url: string }): string {
  if (functionName === '(garbage collector)') return '(gc)';
  if (url === '') return '(native)';
  if (url.startsWith('node:')) return url.startsWith('node:internal/deps/undici') ? 'undici' : 'Node';
  const ours = /\/((?:libs|services)\/[^/]+)\/src\//.exec(url)?.[1];
  if (ours !== undefined) return ours;
  return /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(url)?.[1] ?? 'other';
}
