// Fails when the contract breaks a caller of the newest tag `contract-v*`. Takes another repository as its argument, for its test.
import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = process.argv[2] ?? join(import.meta.dirname, '..');
const buf = join(dirname(createRequire(import.meta.url).resolve('@bufbuild/buf/package.json')), 'bin/buf');

const tags = execFileSync('git', ['tag', '--list', 'contract-v*', '--sort=-version:refname'], { cwd: root, encoding: 'utf8' }).trim();
const newest = tags.split('\n')[0] ?? '';
if (newest === '') {
  console.log('breaking changes: there is no tag contract-v* here, so nothing was compared');
} else {
  const { status } = spawnSync(process.execPath, [buf, 'breaking', '--against', `.git#tag=${newest}`], { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`the contract breaks ${newest}`);
    process.exit(1);
  }
  console.log(`breaking changes: none against ${newest}`);
}
