import { beforeEach, describe, expect, it } from '@jest/globals';

import { createLifecycle } from './lifecycle.ts';
import type { Component, LifecycleLogger } from './lifecycle.ts';

let events: string[] = [];
let logged: object[] = [];
const logger: LifecycleLogger = {
  info: () => undefined,
  error: (fields) => {
    logged.push(fields);
  },
};

function component(name: string, parts: Partial<Component> = {}): Component {
  return {
    name,
    start: () => {
      events.push(`+${name}`);
    },
    stop: () => {
      events.push(`-${name}`);
    },
    ...parts,
  };
}

/** A promise and what settles it. */
function gate(): { promise: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open: () => open() };
}

beforeEach(() => {
  events = [];
  logged = [];
});

describe('a lifecycle', () => {
  it('starts in order and stops in reverse', async () => {
    const lifecycle = createLifecycle({ logger });
    for (const name of ['postgres', 'server', 'relay']) lifecycle.add(component(name));
    await lifecycle.start();
    await lifecycle.stop();
    expect(events).toEqual(['+postgres', '+server', '+relay', '-relay', '-server', '-postgres']);
  });

  it('waits for each start before the next', async () => {
    const slow = gate();
    const lifecycle = createLifecycle({ logger });
    lifecycle.add(
      component('slow', {
        start: () =>
          slow.promise.then(() => {
            events.push('+slow');
          }),
      }),
    );
    lifecycle.add(component('next'));
    const starting = lifecycle.start();
    slow.open();
    await starting;
    expect(events).toEqual(['+slow', '+next']);
  });

  it('is ready only between the end of the start and the beginning of the stop', async () => {
    const lifecycle = createLifecycle({ logger });
    const seen: boolean[] = [];
    lifecycle.add(
      component('server', {
        start: () => {
          seen.push(lifecycle.isReady());
        },
        stop: () => {
          seen.push(lifecycle.isReady());
        },
      }),
    );
    await lifecycle.start();
    seen.push(lifecycle.isReady());
    const stop = lifecycle.stop();
    seen.push(lifecycle.isReady());
    await stop;
    expect(seen).toEqual([false, true, false, false]);
  });

  it('fires `stopping` before any component stops', async () => {
    const lifecycle = createLifecycle({ logger });
    lifecycle.add(
      component('server', {
        stop: () => {
          events.push(`stopping: ${lifecycle.stopping.aborted}`);
        },
      }),
    );
    await lifecycle.start();
    expect(lifecycle.stopping.aborted).toBe(false);
    await lifecycle.stop();
    expect(events).toContain('stopping: true');
  });

  it('stops what was started, and nothing else, when a start fails, and throws that failure', async () => {
    const failure = new Error('no database');
    const lifecycle = createLifecycle({ logger });
    lifecycle.add(component('keys'));
    lifecycle.add(component('postgres', { start: () => Promise.reject(failure) }));
    lifecycle.add(component('server'));
    await expect(lifecycle.start()).rejects.toBe(failure);
    expect(events).toEqual(['+keys', '-keys']);
    expect(lifecycle.isReady()).toBe(false);
  });

  it('stops once however often it is asked', async () => {
    const lifecycle = createLifecycle({ logger });
    lifecycle.add(component('server'));
    await lifecycle.start();
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    await lifecycle.stop();
    expect(events).toEqual(['+server', '-server']);
  });

  it('leaves a stuck component behind, names it, and stops the rest', async () => {
    const lifecycle = createLifecycle({ logger, stopTimeoutMs: 20 });
    lifecycle.add(component('postgres'));
    lifecycle.add(component('stuck', { stop: () => new Promise(() => undefined) }));
    await lifecycle.start();
    await lifecycle.stop();
    expect(events).toContain('-postgres');
    expect(logged).toEqual([{ component: 'stuck', err: expect.objectContaining({ message: 'not done within 20 ms' }) }]);
  });

  it('goes on when a stop throws', async () => {
    const lifecycle = createLifecycle({ logger });
    lifecycle.add(component('postgres'));
    lifecycle.add(
      component('odd', {
        stop: () => {
          throw new Error('odd');
        },
      }),
    );
    await lifecycle.start();
    await lifecycle.stop();
    expect(events).toContain('-postgres');
    expect(logged).toHaveLength(1);
  });

  it('stopped while starting: lets the component in its turn finish, stops it too, and starts no other', async () => {
    const [slow, entered] = [gate(), gate()];
    const start = async (): Promise<void> => {
      entered.open();
      await slow.promise;
      events.push('+postgres');
    };
    const lifecycle = createLifecycle({ logger });
    for (const part of [component('keys'), component('postgres', { start }), component('server')]) lifecycle.add(part);
    const starting = expect(lifecycle.start()).rejects.toThrow('stopped while starting');
    await entered.promise;
    const stop = lifecycle.stop();
    slow.open();
    await Promise.all([starting, stop]);
    expect(events).toEqual(['+keys', '+postgres', '-postgres', '-keys']);
    expect(lifecycle.isReady()).toBe(false);
  });

  it('takes components without a start or a stop', async () => {
    const lifecycle = createLifecycle({ logger });
    lifecycle.add({ name: 'nothing' });
    await lifecycle.start();
    await lifecycle.stop();
    expect(logged).toEqual([]);
  });
});
