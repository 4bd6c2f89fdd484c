import { ConfigError } from '@quotemaster/config';

/** What a program needs of the process, so that tests can pass another. */
export interface MainProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly argv: readonly string[];
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
  readonly stderr: { write(text: string): unknown };
}

export interface RunningProgram {
  stop(): Promise<void>;
}

/**
 * Runs a long-lived program: starts it, stops it on SIGINT or SIGTERM, and ends the process with an honest exit code.
 *
 * Exit codes: 0 after a clean stop, 78 with one line a fault for a ConfigError, 1 for anything else. A second signal
 * during the stop ends the process at once with 130.
 */
export async function runMain(
  host: MainProcess,
  start: (env: MainProcess['env'], signal: AbortSignal) => Promise<RunningProgram>,
): Promise<void> {
  const interrupted = new AbortController();
  let program: RunningProgram | undefined;
  let signals = 0;

  const stop = async (): Promise<void> => {
    try {
      await program?.stop();
      host.exit(0);
    } catch (error) {
      host.stderr.write(`${describe(error)}\n`);
      host.exit(1);
    }
  };
  const onSignal = (): void => {
    signals += 1;
    if (signals > 1) {
      host.exit(130);
      return;
    }
    interrupted.abort();
    // While the program is still starting, its own start sees the signal and the stop follows below.
    if (program !== undefined) void stop();
  };
  host.on('SIGINT', onSignal);
  host.on('SIGTERM', onSignal);

  try {
    program = await start(host.env, interrupted.signal);
    if (interrupted.signal.aborted) await stop();
  } catch (error) {
    if (interrupted.signal.aborted) {
      host.exit(0);
      return;
    }
    host.stderr.write(`${describe(error)}\n`);
    host.exit(error instanceof ConfigError ? error.exitCode : 1);
  }
}

function describe(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
