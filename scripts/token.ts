// Prints a service token made with the development keys, so that grpcurl or an internal client can call a service.
//
//   npm run --silent token -- --as gateway --to quote [--user UUID [--role admin]] [--data-dir .data]
//   grpcurl -plaintext -H "authorization: Bearer $TOKEN" 127.0.0.1:50052 list
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createServiceIdentity, ensureDevelopmentServiceKeys, isRole, loadServiceKeys, sessionScopes } from '@quotemaster/auth';
import type { Actor } from '@quotemaster/auth';

const usage = 'usage: npm run --silent token -- --as NAME --to NAME [--user UUID [--role user|moderator|admin]] [--data-dir .data]';
const namePattern = /^[a-z][a-z0-9-]{0,62}$/;

try {
  console.log(makeToken());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(64);
}

function makeToken(): string {
  const { values } = parseArgs({
    options: {
      as: { type: 'string' },
      to: { type: 'string' },
      user: { type: 'string' },
      role: { type: 'string', default: 'user' },
      'data-dir': { type: 'string', default: process.env['QM_DATA_DIR'] ?? join(import.meta.dirname, '..', '.data') },
    },
  });
  const { as: name, to: callee, user, role } = values;
  if (name === undefined || callee === undefined || !namePattern.test(name) || !namePattern.test(callee)) throw new Error(usage);
  if (!isRole(role)) throw new Error(usage);
  // A name that has no key yet gets one, and its public half joins the others: the services take it up within seconds.
  const { jwksFile, keyFile } = ensureDevelopmentServiceKeys(values['data-dir'], [name]);
  const keys = loadServiceKeys({ name, keyFile: keyFile(name), jwksFile });
  const actor: Actor =
    user === undefined ? { kind: 'job' } : { kind: 'principal', principal: { userId: user, role, scopes: sessionScopes } };
  return createServiceIdentity({ name, keys }).tokenFor(callee, actor);
}
