import { describe, expect, it } from '@jest/globals';
import { createEventFeed } from './event-feed.ts';
import type { EventFeed } from './event-feed.ts';
import type { ServerEvent } from './server-event.ts';

const forever = new AbortController().signal;
const event = (id: number, data = '{}'): ServerEvent => ({ id, name: 'e', data });
const fill = async (feed: EventFeed, count: number): Promise<void> => {
  for (let id = 1; id <= count; id += 1) await feed.append(event(id));
};
const idsOf = async (events: AsyncIterable<ServerEvent>): Promise<number[]> => {
  const ids: number[] = [];
  for await (const { id } of events) ids.push(id);
  return ids;
};
/** Whether a promise is still open after everything that can happen now has happened. */
const isOpen = async (promise: Promise<unknown>): Promise<boolean> => {
  const open = Symbol('open');
  const later = new Promise((resolve) => setImmediate(() => setImmediate(resolve, open)));
  return (await Promise.race([promise, later])) === open;
};

describe('a feed of events', () => {
  it('gives what came before and what comes after, once and in order', async () => {
    const feed = createEventFeed(() => undefined);
    await fill(feed, 2);
    const read = idsOf(feed.read(0, forever));
    await feed.append(event(3));
    feed.end();
    expect(await read).toEqual([1, 2, 3]);
    expect(await idsOf(feed.read(2, forever))).toEqual([3]);
    expect(await idsOf(feed.read(3, forever))).toEqual([]);
  });

  it('makes its writer wait for a reader, and holds as much as it may of what was read', async () => {
    const feed = createEventFeed(() => undefined, { events: 3, bytes: 1_000 });
    await fill(feed, 3);
    const fourth = feed.append(event(4));
    expect(await isOpen(fourth)).toBe(true);
    const reader = feed.read(0, forever);
    await reader.next();
    expect(await isOpen(fourth)).toBe(true);
    // Asking for the second says that the first has gone out.
    await reader.next();
    await fourth;
    expect([feed.holdsAfter(0), feed.holdsAfter(1), feed.holdsAfter(4), feed.holdsAfter(5)]).toEqual([false, true, true, false]);
  });

  it('counts bytes too, and takes an event over them alone', async () => {
    const feed = createEventFeed(() => undefined, { events: 100, bytes: 10 });
    await feed.append(event(1, 'x'.repeat(50)));
    const second = feed.append(event(2));
    expect(await isOpen(second)).toBe(true);
    const reader = feed.read(0, forever);
    await reader.next();
    expect((await Promise.all([reader.next(), second]))[0].value).toMatchObject({ id: 2 });
  });

  it('belongs to the last who reads it, and says when nobody does', async () => {
    let unread = 0;
    const feed = createEventFeed(() => (unread += 1));
    await fill(feed, 1);
    const first = idsOf(feed.read(0, forever));
    expect(await isOpen(first)).toBe(true);
    const hangUp = new AbortController();
    const second = idsOf(feed.read(0, hangUp.signal));
    expect(await first).toEqual([1]);
    expect([feed.isRead, unread]).toEqual([true, 0]);
    hangUp.abort();
    expect(await second).toEqual([1]);
    expect([feed.isRead, unread]).toEqual([false, 1]);
  });

  it('throws what it failed with after what came before, to its reader and its writer', async () => {
    const feed = createEventFeed(() => undefined, { events: 1, bytes: 100 });
    await fill(feed, 1);
    const waiting = feed.append(event(2));
    const failure = new Error('gone');
    feed.fail(failure);
    await expect(waiting).rejects.toBe(failure);
    const reader = feed.read(0, forever);
    expect((await reader.next()).value).toMatchObject({ id: 1 });
    await expect(reader.next()).rejects.toBe(failure);
  });
});
