import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from '@quotemaster/config';
import { createFakeClock } from '@quotemaster/testkit/fake-clock';
import { ensureAccessKeys, loadAccessKeys, rotateAccessKeys } from './access-keys.ts';
import { createAccessTokenSigner } from './access-token-signer.ts';
import { createAccessTokenVerifier } from './access-token-verifier.ts';
import { toPublicJwk } from './jwk.ts';
import { writeNewPrivateKey } from './key-files.ts';
import { openServiceAuth } from './service-auth.ts';
import { createServiceIdentity } from './service-identity.ts';
import { ensureDevelopmentServiceKeys, loadServiceKeys } from './service-keys.ts';
import { createServiceVerifier } from './service-verifier.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qm-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const mode = (path: string): number => statSync(path).mode & 0o777;

describe('development keys of services', () => {
  it('are made once, for their owner alone, and let services speak to each other', () => {
    const { keyFile, jwksFile } = ensureDevelopmentServiceKeys(folder, ['gateway', 'user']);
    const before = readFileSync(keyFile('user'), 'utf8');
    ensureDevelopmentServiceKeys(folder, ['user', 'quote']);
    expect(readFileSync(keyFile('user'), 'utf8')).toBe(before);
    expect([mode(keyFile('user')), mode(join(folder, 'keys'))]).toEqual([0o600, 0o700]);
    expect(readdirSync(join(folder, 'keys', 'services')).sort()).toEqual(['gateway.pem', 'jwks.json', 'quote.pem', 'user.pem']);
    expect(readFileSync(jwksFile, 'utf8')).not.toContain('"d"');

    const open = (name: string) => openServiceAuth({ name, keyFile: keyFile(name), jwksFile });
    expect(open('user').verifier.verify(open('gateway').identity.tokenFor('user', { kind: 'job' }))).toEqual({
      caller: 'gateway',
      actor: { kind: 'job' },
    });
  });

  it('that are missing or unreadable name the variable', () => {
    const { keyFile, jwksFile } = ensureDevelopmentServiceKeys(folder, ['user']);
    const open = (key: string, jwks: string) => () => loadServiceKeys({ name: 'user', keyFile: key, jwksFile: jwks });
    expect(open(join(folder, 'none.pem'), jwksFile)).toThrow('QM_SERVICE_KEY_FILE');
    expect(open(keyFile('user'), join(folder, 'none.json'))).toThrow('QM_SERVICE_JWKS_FILE');
    expect(open(jwksFile, jwksFile)).toThrow(ConfigError);
    expect(open(keyFile('user'), keyFile('user'))).toThrow('QM_SERVICE_JWKS_FILE');
    writeFileSync(
      join(folder, 'private.json'),
      JSON.stringify({
        keys: [{ ...toPublicJwk(loadServiceKeys({ name: 'user', keyFile: keyFile('user'), jwksFile }).current().key), d: 'secret' }],
      }),
    );
    expect(open(keyFile('user'), join(folder, 'private.json'))).toThrow('no JWK set of P-256 public keys');
  });

  it('are read again when a mounted link turns to others, at most every 5 s, and kept when they can not be', () => {
    const clock = createFakeClock();
    const one = ensureDevelopmentServiceKeys(join(folder, 'one'), ['user']);
    const two = ensureDevelopmentServiceKeys(join(folder, 'two'), ['user']);
    const link = join(folder, 'mounted');
    const turnTo = (target: string): void => {
      symlinkSync(target, `${link}.new`);
      renameSync(`${link}.new`, link);
    };
    turnTo(join(folder, 'one', 'keys', 'services'));
    const failures: unknown[] = [];
    const keys = loadServiceKeys({
      name: 'user',
      keyFile: join(link, 'user.pem'),
      jwksFile: join(link, 'jwks.json'),
      clock,
      onReloadError: (error) => failures.push(error),
    });
    const kidOf = (data: typeof one) =>
      loadServiceKeys({ name: 'user', keyFile: data.keyFile('user'), jwksFile: data.jwksFile }).current().kid;
    expect(keys.current().kid).toBe(kidOf(one));

    turnTo(join(folder, 'two', 'keys', 'services'));
    clock.advance(4_999);
    expect(keys.current().kid).toBe(kidOf(one));
    clock.advance(1);
    expect(keys.current().kid).toBe(kidOf(two));
    expect(keys.jwks().map(({ kid }) => kid)).toEqual([kidOf(two)]);

    unlinkSync(link);
    clock.advance(5_000);
    expect(keys.current().kid).toMatch(/^user\//);
    expect(failures).toHaveLength(1);
  });
});

describe('a service that was given its key after the others had looked', () => {
  it('is known when it calls, and one that nobody knows is no reason to look at every call', () => {
    const clock = createFakeClock();
    const { jwksFile, keyFile } = ensureDevelopmentServiceKeys(folder, ['user']);
    const verifier = createServiceVerifier({
      name: 'user',
      keys: loadServiceKeys({ name: 'user', keyFile: keyFile('user'), jwksFile, clock }),
      clock,
    });
    ensureDevelopmentServiceKeys(folder, ['quote']);
    const quote = createServiceIdentity({
      name: 'quote',
      keys: loadServiceKeys({ name: 'quote', keyFile: keyFile('quote'), jwksFile }),
      clock,
    });
    expect(() => verifier.verify(quote.tokenFor('user', { kind: 'job' }))).toThrow('no service key');
    clock.advance(250);
    expect(verifier.verify(quote.tokenFor('user', { kind: 'job' })).caller).toBe('quote');
  });
});

describe('keys of access tokens', () => {
  it('are made once, for their owner alone', () => {
    const directory = join(folder, 'access');
    ensureAccessKeys(directory);
    ensureAccessKeys(directory);
    expect(readdirSync(directory)).toEqual(['0001.pem']);
    expect([mode(directory), mode(join(directory, '0001.pem'))]).toEqual([0o700, 0o600]);
  });

  it('are all published, the last by name signs, and a new file is taken up', () => {
    const clock = createFakeClock();
    ensureAccessKeys(folder);
    const keys = loadAccessKeys(folder, { clock });
    const first = keys.current().kid;
    expect(first).toMatch(/^[\w-]{43}$/);
    writeNewPrivateKey(join(folder, '0002.pem'));
    expect(keys.current().kid).toBe(first);
    clock.advance(5_000);
    expect(keys.current().kid).not.toBe(first);
    expect(keys.jwks().map(({ kid }) => kid)).toEqual([first, keys.current().kid]);
    expect(keys.jwks()[0]).toEqual({
      kty: 'EC',
      crv: 'P-256',
      x: expect.any(String),
      y: expect.any(String),
      kid: first,
      alg: 'ES256',
      use: 'sig',
    });
  });

  it('that are missing or not P-256 keys name the variable', () => {
    expect(() => loadAccessKeys(folder)).toThrow('QM_ACCESS_KEY_DIR');
    expect(() => loadAccessKeys(join(folder, 'none'))).toThrow('QM_ACCESS_KEY_DIR');
    writeFileSync(join(folder, 'bad.pem'), 'no key');
    expect(() => loadAccessKeys(folder)).toThrow('QM_ACCESS_KEY_DIR');
  });

  it('are rotated without one refused token: published ten minutes before use, kept until the last token has died', async () => {
    const clock = createFakeClock();
    ensureAccessKeys(folder);
    const keys = loadAccessKeys(folder, { clock });
    const signer = createAccessTokenSigner({ keys, clock });
    const first = keys.current().kid;
    let fetches = 0;
    const verifier = createAccessTokenVerifier({ jwks: async () => ((fetches += 1), keys.jwks()), clock });
    const principal = { userId: 'u', role: 'user', scopes: [], sessionId: 's' } as const;
    const held: { token: string; endsAt: number }[] = [];
    let second: string | undefined;
    // Three quarters of an hour, a token every half minute, each tried until it expires.
    for (let at = 0; at < 90; at += 1) {
      if (at === 10) {
        expect(rotateAccessKeys(folder, { clock })).toEqual({ added: expect.stringMatching(/^\d{8}T\d{6}Z\.pem$/), removed: [] });
        expect(rotateAccessKeys(folder, { clock })).toEqual({ added: undefined, removed: [] });
      }
      if (at === 71) expect(rotateAccessKeys(folder, { clock }).removed).toEqual(['0001.pem']);
      const { token, expiresInSeconds } = signer.sign(principal);
      held.push({ token, endsAt: clock.now() + expiresInSeconds * 1_000 });
      if (keys.current().kid !== first) second ??= String(at);
      for (const { token, endsAt } of held.filter(({ endsAt }) => endsAt > clock.now() + 1_000)) {
        expect(await verifier.verify(token)).toMatchObject(principal);
        expect(endsAt).toBeGreaterThan(clock.now());
      }
      clock.advance(30_000);
    }
    expect(second).toBe('30');
    expect(keys.jwks().map(({ kid }) => kid)).not.toContain(first);
    expect(fetches).toBeGreaterThan(1);
    expect(rotateAccessKeys(folder, { clock, olderThanMs: 24 * 3_600_000 }).added).toBeUndefined();
    clock.advance(24 * 3_600_000);
    expect(rotateAccessKeys(folder, { clock, olderThanMs: 24 * 3_600_000 }).added).toBeDefined();
  });

  it('are never in clear where a seal is given, and open under no other name', () => {
    const seal = {
      seal: (pem: string, name: string) => `sealed:${name}:${Buffer.from(pem).toString('base64')}`,
      open: (text: string, name: string) => {
        if (text.startsWith('-----BEGIN')) return text;
        if (!text.startsWith(`sealed:${name}:`)) throw new Error('another name');
        return Buffer.from(text.slice(`sealed:${name}:`.length), 'base64').toString();
      },
    };
    ensureAccessKeys(folder, seal);
    rotateAccessKeys(folder, { seal });
    for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name), 'utf8')).not.toContain('PRIVATE KEY');
    expect(loadAccessKeys(folder, { seal }).jwks()).toHaveLength(2);
    renameSync(join(folder, '0001.pem'), join(folder, '0002.pem'));
    expect(() => loadAccessKeys(folder, { seal })).toThrow('another name');
  });

  it('bear the thumbprint that RFC 7638 asks for', () => {
    // The key of RFC 7515 appendix A.3; its thumbprint was computed with another implementation.
    const jwk = toPublicJwk(loadKnownKey());
    expect(jwk.x).toBe('f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU');
    expect(jwk.kid).toBe('oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U');
  });
});

function loadKnownKey(): KeyObject {
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
  };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}
