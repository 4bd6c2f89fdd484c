import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { access, contractServices, routedMethods, scopes } from '@quotemaster/contract';
import type { RoutedMethod } from '@quotemaster/contract';
import { call, callWithKey, startSystem } from './support/system.ts';
import type { TestSystem } from './support/system.ts';

const golden = join(import.meta.dirname, 'access-table.txt');
const nothing = '01900000-0000-7000-8000-00000000dead';

/** Who calls, in the order of the table's columns. `other` asks for somebody else's object. */
const callers = ['anonymous', 'user', 'moderator', 'admin', 'key', 'key without scopes', 'other'] as const;
type Caller = (typeof callers)[number];
type Send = (path: string) => Promise<{ status: number; body: { code?: string } | undefined }>;

/** A body that each RPC takes as far as its form goes; what it then says of it (400, 409, 401 for a wrong password) is no refusal of the caller. */
const bodies: Readonly<Record<string, unknown>> = {
  Register: { email: 'table@example.org', password: 'short' },
  Refresh: { refreshToken: 'qmr_none' },
  VerifyEmail: { token: 'none' },
  ForgotPassword: { email: 'nobody@example.org' },
  ResetPassword: { token: 'none', password: 'a password that would do' },
  Reauthenticate: { totpCode: '000000' },
  ChangePassword: { password: 'short' },
  ConfirmTotp: { code: '000000' },
  RegisterPasskey: { credential: {} },
  LoginWithPasskey: { credential: {} },
  ExchangeOAuthCode: { code: 'none' },
  LinkOAuth: { code: 'none' },
  CreateApiKey: { name: 'k', scopes: ['quotes:read'] },
  UpdateMe: { fullName: 'Ada' },
  UpdatePreferences: { theme: 'dark' },
  UpdateUser: { role: 'user' },
  GenerateQuotes: { prompt: 'a table' },
  CreateQuote: { text: 'A line.' },
  UpdateQuote: { author: 'me' },
};

/** Public calls that answer 401 by themselves: for what is in the body, not for who calls. */
const ownRefusals = ['auth.invalid_credentials', 'auth.refresh_invalid'];

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system.stop());

/** The path of a route on an object of this owner's; of nothing, where an object of the kind can't be made here. */
async function pathOn({ method, route }: RoutedMethod, owner: Awaited<ReturnType<TestSystem['newUser']>>): Promise<string> {
  const id = async (): Promise<string> => {
    if (route.path.startsWith('/v1/quotes/{id}')) return (await owner.call('POST', '/v1/quotes', { text: 'Mine.' })).body.id as string;
    if (route.path.startsWith('/v1/users/me/api-keys/')) return (await system.newKey(owner, ['quotes:read'])).id;
    if (method.name === 'RevokeSession') return (await owner.call('GET', '/v1/users/me/sessions')).body.items[0].id as string;
    if (method.name === 'UpdateUser') return owner.id;
    return nothing;
  };
  return route.pathFields.length === 0 ? route.path : route.path.replace('{id}', await id()).replace('{provider}', 'google');
}

async function outcome(entry: RoutedMethod, caller: Caller): Promise<string> {
  const { method, route } = entry;
  const owner = await system.newUser();
  const path = await pathOn(entry, owner);
  const verb = route.verb.toUpperCase();
  const body = route.hasBody
    ? (bodies[method.name] ?? (method.name === 'Login' ? { email: `nobody@${owner.id}.example`, password: 'x' } : {}))
    : undefined;
  const send: Record<Caller, () => Promise<Send>> = {
    anonymous: async () => async (to) => call(system.url, verb, to, body),
    user: async () => async (to) => owner.call(verb, to, body),
    moderator: async () => own('moderator'),
    admin: async () => own('admin'),
    key: async () => byKey(scopes),
    // A key holds one scope at least: one that this RPC does not ask for.
    'key without scopes': async () => byKey([scopes.find((scope) => !access(method).scopes.includes(scope))!]),
    other: async () => {
      const stranger = await system.newUser();
      return async (to) => stranger.call(verb, to, body);
    },
  };
  async function own(role: 'moderator' | 'admin'): Promise<Send> {
    const someone = await system.newUser(role);
    // Their own object, not the other owner's.
    const mine = await pathOn(entry, someone);
    return async () => someone.call(verb, mine, body);
  }
  async function byKey(granted: readonly string[]): Promise<Send> {
    const { secret } = await system.newKey(owner, granted);
    return async (to) => callWithKey(system.url, secret, verb, to, body);
  }
  const { status, body: answer } = await (await send[caller]())(path);
  if (status === 401) return ownRefusals.includes(answer?.code ?? '') ? 'in' : '401';
  if (status === 403) return '403';
  if (status === 404) return '404';
  if (status >= 500 || status === 429) throw new Error(`${verb} ${path} as ${caller}: ${String(status)} ${JSON.stringify(answer)}`);
  return 'in';
}

/** What the contract lets be expected of a caller, worked out from its options alone. */
function expected({ method, route }: RoutedMethod, caller: Caller): readonly string[] {
  const policy = access(method);
  // Objects that can't be made here (passkeys, links, receipts) are missing for their owners too.
  const isMissing =
    route.pathFields.length > 0
      ? ['in', '404']
      : ['in', ...(method.name === 'RemoveTotp' || method.name === 'RenewRecoveryCodes' || method.name === 'ConfirmTotp' ? ['404'] : [])];
  if (policy.public) return isMissing;
  if (caller === 'anonymous') return ['401'];
  const isKey = caller === 'key' || caller === 'key without scopes';
  const role = caller === 'moderator' || caller === 'admin' ? caller : 'user';
  if (policy.roles.length > 0 && !policy.roles.includes(role)) return ['403'];
  if (isKey && policy.sessionOnly) return ['403'];
  if (caller === 'key without scopes' && policy.scopes.length > 0) return ['403'];
  if (caller === 'other' && route.pathFields.length > 0) return ['404'];
  return isMissing;
}

describe('who may call what', () => {
  it('is what the contract says, for every RPC with a route, every role, keys, and the objects of others', async () => {
    const lines: string[] = [];
    const wrong: string[] = [];
    for (const entry of routedMethods(contractServices)) {
      const name = `${entry.route.verb.toUpperCase()} ${entry.route.path}`;
      const cells = await Promise.all(callers.map(async (caller) => outcome(entry, caller)));
      for (const [at, cell] of cells.entries())
        if (!expected(entry, callers[at]!).includes(cell)) wrong.push(`${name} as ${callers[at]!}: ${cell}`);
      lines.push([name.padEnd(46), ...cells.map((cell, at) => cell.padEnd(callers[at]!.length))].join('  ').trimEnd());
    }
    const table = [['call'.padEnd(46), ...callers].join('  '), ...lines, ''].join('\n');
    // After a change of the contract: UPDATE_GOLDEN=1 npx jest services/standalone/test/access-table, then read the difference.
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, table);
    expect(wrong).toEqual([]);
    expect(table).toBe(readFileSync(golden, 'utf8'));
  }, 180_000);
});
