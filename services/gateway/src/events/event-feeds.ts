import { AppError, commonErrors } from '@quotemaster/errors';
import { createEventFeed } from './event-feed.ts';
import type { EventFeed } from './event-feed.ts';
import type { ServerEvent } from './server-event.ts';

/** What names a stream that may be taken up again. */
export interface FeedName {
  /** Whose stream of which route, by which Idempotency-Key. */
  readonly name: string;
  /** What tells one payload from another. */
  readonly fingerprint: string;
}

/** The feeds of this process. A stream whose reader is cut off goes on for a moment, and is there for a moment after its end. */
export interface EventFeeds {
  /** Takes a stream up after its event `afterId`; undefined where it is not held, or not from there. */
  resume(name: FeedName, afterId: number | undefined, signal: AbortSignal): AsyncIterable<ServerEvent> | undefined;
  /**
   * Begins a stream; undefined where there is no room for it, or one of that name is held.
   * @param start begins the work; its signal fires when nobody has come back in time.
   */
  begin(
    name: FeedName,
    start: (signal: AbortSignal) => AsyncIterable<ServerEvent>,
    signal: AbortSignal,
  ): AsyncIterable<ServerEvent> | undefined;
  /** Gives up what nobody reads, now and from now on. */
  giveUpUnread(): void;
}

interface Known {
  readonly fingerprint: string;
  readonly feed: EventFeed;
  hasEnded: boolean;
  giveUp(): void;
  timer?: NodeJS.Timeout;
}

const feedsMax = 512;
/** Within this time a caller whose connection was cut comes back, or the work is given up. */
const graceMs = 5_000;
const keepMs = 30_000;

/** Creates the feeds. */
export function createEventFeeds(times: { graceMs: number; keepMs: number } = { graceMs, keepMs }): EventFeeds {
  const known = new Map<string, Known>();
  let stopping = false;

  function makeRoom(): boolean {
    if (known.size < feedsMax) return true;
    const over = [...known].find(([, { hasEnded, feed }]) => hasEnded && !feed.isRead);
    if (over !== undefined) forget(over[0]);
    return over !== undefined;
  }
  function forget(name: string): void {
    clearTimeout(known.get(name)?.timer);
    known.delete(name);
  }
  function setTimer(one: Known, ms: number, then: () => void): void {
    clearTimeout(one.timer);
    one.timer = setTimeout(then, ms);
    one.timer.unref();
  }

  return {
    resume({ name, fingerprint }, afterId, signal) {
      const one = known.get(name);
      // Whoever names no event has had none: the stream is theirs if nobody else is reading it.
      if (one?.fingerprint !== fingerprint || (afterId === undefined && one.feed.isRead)) return undefined;
      if (!one.feed.holdsAfter(afterId ?? 0)) return undefined;
      if (!one.hasEnded) clearTimeout(one.timer);
      return one.feed.read(afterId ?? 0, signal);
    },
    begin({ name, fingerprint }, start, signal) {
      if (known.has(name) || !makeRoom()) return undefined;
      const stop = new AbortController();
      const feed = createEventFeed(() => {
        if (!one.hasEnded) setTimer(one, stopping ? 0 : times.graceMs, one.giveUp);
      });
      const one: Known = {
        fingerprint,
        feed,
        hasEnded: false,
        giveUp: () => {
          stop.abort();
          feed.fail(new AppError(commonErrors.cancelled));
        },
      };
      known.set(name, one);
      const events = feed.read(0, signal);
      void fill(feed, start(stop.signal)).then((isWhole) => {
        one.hasEnded = true;
        // What failed is nothing to come back to: the next call of that name does it anew.
        if (isWhole) setTimer(one, times.keepMs, () => forget(name));
        else forget(name);
      });
      return events;
    },
    giveUpUnread() {
      stopping = true;
      for (const one of known.values()) if (!one.hasEnded && !one.feed.isRead) one.giveUp();
    },
  };
}

/** Puts events into a feed to their end; tells whether all of them came. */
async function fill(feed: EventFeed, events: AsyncIterable<ServerEvent>): Promise<boolean> {
  try {
    for await (const event of events) await feed.append(event);
    feed.end();
    return true;
  } catch (error) {
    feed.fail(error);
    return false;
  }
}
