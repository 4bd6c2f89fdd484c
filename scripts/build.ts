// Compiles the libs and services into dist/, for images: JavaScript in the places of the sources, beside it what they read at run
// time, and package.json files whose exports name the JavaScript. Nothing else in the house reads dist/.
//
//   node scripts/build.ts [FOLDER]   another folder than dist/, within the repository so that packages are found above it
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = resolve(root, process.argv[2] ?? 'dist');
/** They run nowhere but on a developer's machine. */
const left = ['libs/testkit', 'services/standalone'];

rmSync(dist, { recursive: true, force: true });
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', dist], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

for (const manifest of globSync('{libs,services}/*/package.json', { cwd: root })) {
  const folder = dirname(manifest);
  if (left.includes(folder)) continue;
  for (const asset of globSync(`${folder}/src/**/*.{sql,json,css,bloom}`, { cwd: root })) copy(asset);
  for (const asset of globSync(`${folder}/src/**/assets/*.js`, { cwd: root })) copy(asset);
  writeManifest(manifest);
}

function copy(path: string): void {
  mkdirSync(dirname(join(dist, path)), { recursive: true });
  cpSync(join(root, path), join(dist, path));
}

function writeManifest(path: string): void {
  const { name, version, type, exports, dependencies } = JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, unknown>;
  const compiled = JSON.stringify({ name, version, type, exports, dependencies }, null, 2).replaceAll(/("\.\/src\/[^"]+)\.ts"/g, '$1.js"');
  writeFileSync(join(dist, path), `${compiled}\n`);
}
