import { describe, expect, it } from '@jest/globals';
import { createEventChannel } from './event-channel.ts';

async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe('createEventChannel', () => {
  it('gives what was sent, in order, and ends when it is closed', async () => {
    const channel = createEventChannel<number>(2, new AbortController().signal);
    const all = collect(channel.events);
    for (let event = 0; event < 20; event += 1) await channel.send(event);
    channel.close();
    expect(await all).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  it('holds its producer while it is full', async () => {
    const channel = createEventChannel<number>(1, new AbortController().signal);
    await channel.send(1);
    let sent = false;
    const second = channel.send(2).then(() => (sent = true));
    await Promise.resolve();
    expect(sent).toBe(false);
    const iterator = channel.events[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ value: 1, done: false });
    await second;
    expect(await iterator.next()).toEqual({ value: 2, done: false });
  });

  it('throws the error it was closed with, after what was sent before', async () => {
    const channel = createEventChannel<number>(2, new AbortController().signal);
    await channel.send(1);
    channel.close(new Error('broken'));
    const iterator = channel.events[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ value: 1, done: false });
    await expect(iterator.next()).rejects.toThrow('broken');
  });

  it('frees both sides when the signal fires', async () => {
    const abort = new AbortController();
    const full = createEventChannel<number>(1, abort.signal);
    await full.send(1);
    const sending = full.send(2);
    const empty = createEventChannel<number>(1, abort.signal);
    const taking = collect(empty.events);
    abort.abort(new Error('gone'));
    await expect(sending).rejects.toThrow('gone');
    await expect(taking).rejects.toThrow('gone');
  });
});
