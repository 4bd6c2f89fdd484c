// Writes everything under libs/contract/src/gen from proto/. Run by `make gen`; `make check` compares.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const gen = join(import.meta.dirname, '../src/gen');
const buf = join(dirname(createRequire(import.meta.url).resolve('@bufbuild/buf/package.json')), 'bin/buf');

execFileSync(process.execPath, [buf, 'generate'], { cwd: root, stdio: 'inherit' });

const { contractServices } = await import('../src/services.ts');
const { errorCodesModule } = await import('./error-codes.ts');
const files = [...new Set(contractServices.map((service) => service.file))];
writeFileSync(join(gen, 'error-codes.ts'), errorCodesModule(files));
