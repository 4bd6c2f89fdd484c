import { ConfigError } from './config-error.ts';

const findings: Readonly<Record<string, string>> = {
  EADDRINUSE: 'which another program uses',
  EACCES: 'which this user may not open',
  EADDRNOTAVAIL: 'on an address this machine does not have',
};

/**
 * Tells a server's failure to listen as a fault of the variable that names its port, since only another value helps.
 * Any other error is given back as it came.
 */
export function toListenError(error: Error, variable: string, port: number): Error {
  const { code } = error as { code?: unknown };
  const finding = typeof code === 'string' ? findings[code] : undefined;
  return finding === undefined
    ? error
    : new ConfigError([{ variable, expected: 'a free port', found: `port ${String(port)}, ${finding}` }]);
}
