// Writes everything under libs/contract/src/gen from proto/, and refuses a contract whose routes are wrong. Run by `make gen`; `make check` compares.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DescService } from '@bufbuild/protobuf';
import { commentsModule } from './comments.ts';
import { servicesModule } from './services.ts';

const root = join(import.meta.dirname, '../../..');
const gen = join(import.meta.dirname, '../src/gen');
const bufPath = join(dirname(createRequire(import.meta.url).resolve('@bufbuild/buf/package.json')), 'bin/buf');
const buf = (...args: string[]): void => {
  execFileSync(process.execPath, [bufPath, ...args], { cwd: root, stdio: 'inherit' });
};

buf('generate');
const folder = mkdtempSync(join(tmpdir(), 'qm-gen-'));
try {
  buf('build', '-o', join(folder, 'image.binpb'));
  const image = readFileSync(join(folder, 'image.binpb'));
  writeFileSync(join(gen, 'services.ts'), servicesModule(image));
  writeFileSync(join(gen, 'comments.ts'), commentsModule(image));
} finally {
  rmSync(folder, { recursive: true });
}

// What follows reads the files written above, so it is imported only now.
const { contractServices } = (await import('../src/gen/services.ts')) as { contractServices: readonly DescService[] };
const { errorCodesModule } = await import('./error-codes.ts');
const { checkRoutes } = await import('../src/check-routes.ts');
writeFileSync(join(gen, 'error-codes.ts'), errorCodesModule([...new Set(contractServices.map((service) => service.file))]));

const faults = checkRoutes(contractServices);
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
