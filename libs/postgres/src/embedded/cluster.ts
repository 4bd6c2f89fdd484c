import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigError, Secret } from '@quotemaster/config';
import type { PostgresBinaries } from './binaries.ts';
import { childEnv } from './child-env.ts';
import type { RunAs } from './run-as.ts';

const passwordFile = 'quotemaster.password';
const draftPrefix = 'postgres-draft-';

/**
 * Makes sure that `cluster` is a database cluster of our major version, and gives its superuser's password.
 *
 * A cluster is made aside and moved into place when it is whole, so a kill during the first start leaves nothing half done.
 * @throws ConfigError when the folder holds something else.
 */
export async function prepareCluster(dataDir: string, cluster: string, binaries: PostgresBinaries, runAs: RunAs): Promise<Secret> {
  if (!(await exists(cluster))) await createCluster(dataDir, cluster, binaries, runAs);
  await removeDrafts(dataDir);
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => 'no PG_VERSION');
  if (version.trim() !== binaries.major) {
    throw new ConfigError([
      {
        variable: 'QM_DATA_DIR',
        expected: `a folder whose database was made by PostgreSQL ${binaries.major}`,
        found: `${JSON.stringify(cluster)} with ${/^\d+\s*$/.test(version) ? `PostgreSQL ${version.trim()}` : 'no database of ours'}`,
      },
    ]);
  }
  return readPassword(cluster);
}

/** Reads the superuser's password, which initdb was given and nobody else knows. */
export async function readPassword(cluster: string): Promise<Secret> {
  return new Secret((await readFile(join(cluster, passwordFile), 'utf8')).trim());
}

async function createCluster(dataDir: string, cluster: string, binaries: PostgresBinaries, runAs: RunAs): Promise<void> {
  const draft = await mkdtemp(join(dataDir, draftPrefix));
  const password = join(draft, passwordFile);
  const data = join(draft, 'data');
  await runAs.own(draft);
  await writeFile(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  await mkdir(data, { mode: 0o700 });
  await runAs.own(password);
  await runAs.own(data);

  const [command = '', ...args] = [
    ...runAs.prefix,
    binaries.initdb,
    ...['-D', data, '--username=postgres', `--pwfile=${password}`, '--auth=scram-sha-256'],
    // The built-in locale sorts the same on every platform, whatever locales it has.
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
  ];
  await promisify(execFile)(command, args, { ...runAs.ids, env: childEnv(binaries), timeout: 60_000 }).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    const words = String((error as { stderr?: unknown }).stderr ?? error).trim();
    throw new Error(`initdb failed: ${words.split('\n').slice(-3).join(' | ')}`, { cause: error });
  });
  await rename(password, join(data, passwordFile));
  try {
    await rename(data, cluster);
  } catch (error) {
    // Another process was first: its cluster is as good as ours.
    if (!(await exists(cluster))) throw error;
  }
  await rm(draft, { recursive: true });
}

/** Removes what a first start left that was killed; a draft of the last minute may be another process's. */
async function removeDrafts(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const draft = join(dataDir, name);
    if (name.startsWith(draftPrefix) && (await stat(draft)).mtimeMs < Date.now() - 60_000) await rm(draft, { recursive: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
