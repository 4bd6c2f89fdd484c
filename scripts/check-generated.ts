// Fails when a generated file is not what `make gen` writes from proto/ now. Leaves the working tree as `make gen` does.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folders = ['libs/contract/src/gen', 'services/gateway/test/golden', 'libs/client/src/gen'];

function snapshot(): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      files.set(path, readFileSync(path, 'utf8'));
    }
  }
  return files;
}

const before = snapshot();
execFileSync('make', ['gen'], { cwd: root, stdio: 'inherit' });
const after = snapshot();
const stale = [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
if (stale.length > 0) {
  console.error(
    `Stale generated files; run \`make gen\` and commit:\n${stale.map((path) => `  ${path.slice(root.length + 1)}`).join('\n')}`,
  );
  process.exit(1);
}
