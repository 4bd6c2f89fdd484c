// Writes the OpenAPI document to the file that tests and reviewers compare with. Run by `make gen`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiDocument } from './http/api-document.ts';

const folder = join(import.meta.dirname, '../test/golden');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'openapi.json'), `${JSON.stringify(apiDocument('http://127.0.0.1:8080'), null, 2)}\n`);
