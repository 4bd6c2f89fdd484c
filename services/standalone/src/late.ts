import type { Component } from '@quotemaster/lifecycle';

/** A component that can only be built when those before it run: it needs their addresses. */
export interface Late<T> extends Component {
  /** The thing itself. @throws Error before it was built. */
  get(): T;
}

/** Creates a component that builds, then starts, its thing when its turn comes, and stops it where it was built. */
export function late<T extends { start?(): Promise<void> | void; stop?(): Promise<void> | void }>(
  name: string,
  build: () => T | Promise<T>,
): Late<T> {
  let built: T | undefined;
  return {
    name,
    get() {
      if (built === undefined) throw new Error(`${name} is not built yet`);
      return built;
    },
    async start() {
      built = await build();
      try {
        await built.start?.();
      } catch (error) {
        // The lifecycle stops what has started; this has not, yet it may hold something already.
        await built.stop?.();
        throw error;
      }
    },
    async stop() {
      await built?.stop?.();
    },
  };
}
