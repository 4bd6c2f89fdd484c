import { execFile } from 'node:child_process';
import { chmod, chown, mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** How a command is run so that Postgres accepts its user: `prefix` stands before it, `uid` and `gid` go to spawn. */
export interface RunAs {
  readonly prefix: readonly string[];
  readonly ids: { readonly uid?: number; readonly gid?: number };
  /** Gives a new folder to the user chosen, where that is another than ours. */
  own(folder: string): Promise<void>;
}

// "nobody" on every system we know.
const nobody = 65_534;
const namespaced = ['unshare', '--user', `--map-user=${String(nobody)}`, `--map-group=${String(nobody)}`];

/**
 * Chooses the user the server runs as: ourselves, save for root, which Postgres refuses.
 *
 * For root it is a user namespace in which root's files look like nobody's: another real user could not enter a clone
 * under /root. Where namespaces are forbidden (containers), it is nobody itself. A data folder that already belongs to
 * somebody stays theirs.
 * @throws the file system's own error when `dataDir` can't be written, or can't be entered by that user.
 */
export async function chooseRunAs(dataDir: string, cluster: string): Promise<RunAs> {
  const probe = await mkdtemp(join(dataDir, '.probe-'));
  const self = await stat(probe).finally(() => rm(probe, { recursive: true }));
  if (self.uid !== 0) return { prefix: [], ids: {}, own: async () => {} };

  const owner = await stat(cluster).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return asUser(dataDir, owner.uid, owner.gid);
  const [command = '', ...args] = namespaced;
  const canNamespace = await promisify(execFile)(command, [...args, 'true']).then(
    () => true,
    () => false,
  );
  if (canNamespace) return { prefix: namespaced, ids: {}, own: async () => {} };
  if (owner !== undefined) await promisify(execFile)('chown', ['-R', `${String(nobody)}:${String(nobody)}`, cluster]);
  // Nobody must pass through the folder; seeing what lies in it takes the right to read, which stays with root.
  await chmod(dataDir, (await stat(dataDir)).mode | 0o011);
  return asUser(dataDir, nobody, nobody);
}

async function asUser(dataDir: string, uid: number, gid: number): Promise<RunAs> {
  // Fails here, with the folder's name, rather than in the middle of initdb.
  await promisify(execFile)('sh', ['-c', 'cd "$1"', 'sh', dataDir], { uid, gid }).catch((error: unknown) => {
    throw Object.assign(new Error('the folder can not be entered', { cause: error }), { code: `user ${String(uid)} can not enter it` });
  });
  return { prefix: [], ids: { uid, gid }, own: (folder) => chown(folder, uid, gid) };
}
