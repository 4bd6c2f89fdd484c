import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { embeddedAddress } from './address.ts';
import type { EmbeddedAddress } from './address.ts';
import { readPassword } from './cluster.ts';
import { isOurs } from './orphan.ts';
import { readPidFile } from './pid-file.ts';

/** Finds the embedded server that another process of this machine runs on a data folder; undefined when none does. */
export async function findEmbeddedPostgres(dataDir: string): Promise<EmbeddedAddress | undefined> {
  const folder = await realpath(dataDir).catch(() => undefined);
  if (folder === undefined) return undefined;
  const cluster = join(folder, 'postgres');
  const state = await readPidFile(cluster);
  if (state?.status !== 'ready' || !(await isOurs(state.pid, cluster))) return undefined;
  return embeddedAddress(state.port, await readPassword(cluster));
}
