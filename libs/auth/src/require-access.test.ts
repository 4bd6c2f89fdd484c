import { describe, expect, it } from '@jest/globals';
import type { Actor } from './principal.ts';
import { requireAccess, requirePrincipal } from './require-access.ts';

const open = { public: false, needsPrincipal: true, roles: [], scopes: [], callers: ['gateway'], sessionOnly: false };
const person = (role: 'user' | 'admin', ...scopes: string[]): Actor => ({ kind: 'principal', principal: { userId: 'u', role, scopes } });

describe('requireAccess', () => {
  it('refuses a caller that is not named, before it looks at the actor', () => {
    expect(() => requireAccess(open, { caller: 'voice', actor: { kind: 'none' } })).toThrow('the service voice is not among the callers');
    expect(() => requireAccess(open, { caller: 'gateway', actor: person('user') })).not.toThrow();
  });

  it('asks for a person where the call must be for one: neither a job nor nobody will do', () => {
    for (const kind of ['job', 'none'] as const)
      expect(() => requireAccess(open, { caller: 'gateway', actor: { kind } })).toThrow('the call is for nobody');
    const internal = { ...open, needsPrincipal: false };
    for (const kind of ['job', 'none'] as const)
      expect(() => requireAccess(internal, { caller: 'gateway', actor: { kind } })).not.toThrow();
  });

  it('asks for one of the roles and all of the scopes', () => {
    const strict = { ...open, roles: ['moderator', 'admin'], scopes: ['quotes:read', 'quotes:write'] };
    const check = (actor: Actor) => () => requireAccess(strict, { caller: 'gateway', actor });
    expect(check(person('user', 'quotes:read', 'quotes:write'))).toThrow('the role user is none of');
    expect(check(person('admin', 'quotes:read'))).toThrow('scopes missing: quotes:write');
    expect(check(person('admin', 'quotes:read', 'quotes:write', 'voice:read'))).not.toThrow();
  });

  it('refuses an API key where a session is needed, whatever its scopes', () => {
    const strict = { ...open, sessionOnly: true, scopes: ['profile:write'] };
    const check = (principal: object) => () =>
      requirePrincipal(strict, { userId: 'u', role: 'user', scopes: ['profile:write'], ...principal });
    expect(check({ apiKeyId: 'k' })).toThrow('API keys can not do this');
    expect(check({ sessionId: 's' })).not.toThrow();
  });
});

describe('requirePrincipal', () => {
  it('takes anybody where the RPC is public, and nobody without a principal elsewhere', () => {
    expect(() =>
      requirePrincipal({ public: true, needsPrincipal: false, roles: [], scopes: [], sessionOnly: false }, undefined),
    ).not.toThrow();
    expect(() => requirePrincipal(open, undefined)).toThrow('the call is for nobody');
  });
});
