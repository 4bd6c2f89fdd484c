import type { PostgresBinaries } from './binaries.ts';

/** The whole environment of the server: not ours, which holds secrets and may hold PG* variables of another server. */
export function childEnv(binaries: PostgresBinaries): Record<string, string> {
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC', ...binaries.env };
}
