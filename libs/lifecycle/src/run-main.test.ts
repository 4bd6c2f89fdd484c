import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@quotemaster/config';

import { runMain } from './run-main.ts';
import type { MainProcess } from './run-main.ts';

/** A process that remembers its end in place of ending. */
function fakeProcess(env: MainProcess['env'] = {}): {
  host: MainProcess;
  signal(name: 'SIGINT' | 'SIGTERM'): void;
  exitCode: Promise<number>;
  exits: number[];
  stderr: string[];
} {
  const emitter = new EventEmitter();
  const exits: number[] = [];
  const stderr: string[] = [];
  const exitCode = once(emitter, 'exit').then(([code]) => code as number);
  const host: MainProcess = {
    env,
    argv: [],
    on: (name, listener) => emitter.on(name, listener),
    exit: (code) => {
      exits.push(code);
      emitter.emit('exit', code);
    },
    stderr: { write: (text) => stderr.push(text) },
  };
  return {
    host,
    signal: (name) => {
      emitter.emit(name);
    },
    exitCode,
    exits,
    stderr,
  };
}

describe('runMain', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('stops on %s and exits with 0', async (name) => {
    const { host, signal, exitCode, exits } = fakeProcess({ QM_ENV: 'staging' });
    const seen: unknown[] = [];
    await runMain(host, async (env) => {
      seen.push(env['QM_ENV']);
      return {
        stop: async () => {
          seen.push('stopped');
        },
      };
    });
    expect(exits).toEqual([]);
    signal(name);
    expect(await exitCode).toBe(0);
    expect(seen).toEqual(['staging', 'stopped']);
  });

  it('exits with 78 and one line a fault for a wrong environment, without a stack', async () => {
    const { host, exits, stderr } = fakeProcess();
    await runMain(host, async () => {
      throw new ConfigError([
        { variable: 'QM_HTTP_PORT', expected: 'a port', found: '"x"' },
        { variable: 'DATABASE_URL', expected: 'a URL', found: 'nothing' },
      ]);
    });
    expect(exits).toEqual([78]);
    expect(stderr.join('')).toBe('QM_HTTP_PORT: expected a port, found "x"\nDATABASE_URL: expected a URL, found nothing\n');
  });

  it('exits with 1 and a stack for any other failure of the start', async () => {
    const { host, exits, stderr } = fakeProcess();
    await runMain(host, () => Promise.reject(new Error('boom')));
    expect(exits).toEqual([1]);
    expect(stderr.join('')).toMatch(/^Error: boom\n\s+at /);
  });

  it('exits with 1 when the stop fails', async () => {
    const { host, signal, exitCode, stderr } = fakeProcess();
    await runMain(host, async () => ({ stop: () => Promise.reject(new Error('stuck')) }));
    signal('SIGTERM');
    expect(await exitCode).toBe(1);
    expect(stderr.join('')).toContain('stuck');
  });

  it('exits with 130 on a second signal while the stop hangs', async () => {
    const { host, signal, exitCode } = fakeProcess();
    await runMain(host, async () => ({ stop: () => new Promise(() => undefined) }));
    signal('SIGINT');
    signal('SIGINT');
    expect(await exitCode).toBe(130);
  });

  it('interrupted while starting: tells the start by its signal and exits with 0', async () => {
    const { host, signal, exits, stderr } = fakeProcess();
    const running = runMain(host, async (_env, interrupted) => {
      await once(interrupted, 'abort');
      throw new Error('gave up');
    });
    signal('SIGINT');
    await running;
    expect(exits).toEqual([0]);
    expect(stderr).toEqual([]);
  });

  it('interrupted while a start goes on regardless: stops right after it', async () => {
    const { host, signal, exits } = fakeProcess();
    let stops = 0;
    const running = runMain(host, async (_env, interrupted) => {
      await once(interrupted, 'abort');
      return {
        stop: async () => {
          stops += 1;
        },
      };
    });
    signal('SIGTERM');
    await running;
    expect(stops).toBe(1);
    expect(exits).toEqual([0]);
  });
});
