import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** The programs of the house compiled, as they are in images. */
export interface BuiltPrograms {
  readonly folder: string;
  /** The program of a service. */
  script(service: string): string;
  /** What Node is given before the program, as in an image. */
  readonly nodeArgs: readonly string[];
  /** What an image sets for the C library. */
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

/**
 * Compiles libs and services into a folder of their own, so that neither a developer's dist/ nor another run is disturbed, with the
 * packages laid out as in an image. Takes about ten seconds.
 */
export function buildPrograms(): BuiltPrograms {
  const folder = join(root, `dist/built-${String(process.pid)}`);
  execFileSync(process.execPath, [join(root, 'scripts/build.ts'), folder], { stdio: 'inherit' });
  // The packages of the house lead to what was compiled, and packages of which a part of it needs another version lie with that
  // part. All others are found in the folder above.
  for (const nested of globSync('{libs,services}/*/node_modules', { cwd: root })) {
    if (existsSync(join(folder, dirname(nested)))) symlinkSync(join(root, nested), join(folder, nested));
  }
  const scope = join(folder, 'node_modules/@quotemaster');
  mkdirSync(scope, { recursive: true });
  for (const lib of readdirSync(join(folder, 'libs'))) symlinkSync(join(folder, 'libs', lib), join(scope, lib));
  return {
    folder,
    script: (service) => join(folder, `services/${service}/src/main.js`),
    nodeArgs: readNodeArgs().map((arg) => (arg === '@quotemaster/observe/register' ? join(folder, 'libs/observe/src/register.js') : arg)),
    env: { MALLOC_ARENA_MAX: '2' },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** From the image's entry point: `["node", …, "service/src/main.js"]`. */
function readNodeArgs(): string[] {
  const line = /^ENTRYPOINT (?<command>.*)$/m.exec(readFileSync(join(root, 'deploy/Dockerfile'), 'utf8'))?.groups?.['command'];
  return (JSON.parse(line ?? '[]') as string[]).slice(1, -1);
}
