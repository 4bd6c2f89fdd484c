import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Secret as ConfigSecret } from '@quotemaster/config';
import { createMetrics } from '@quotemaster/observe';
import { createPostgres, startEmbeddedPostgres } from '@quotemaster/postgres';
import { waitUntil } from '@quotemaster/testkit';
import { openVault } from '@quotemaster/vault';
import { sql } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import { runCommand } from '../src/commands/run-command.ts';
import { password, startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

const main = join(import.meta.dirname, '..', 'src', 'main.ts');

let harness: Harness;
let emptyDir: string;
beforeAll(async () => {
  harness = await startHarness();
  emptyDir = await mkdtemp(join(tmpdir(), 'quotemaster-user-commands-'));
});
afterAll(async () => {
  await harness.stop();
  await rm(emptyDir, { recursive: true, force: true });
});

interface Answer {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command in this process, in an environment of its own. */
async function run([name = '', ...args]: readonly string[], env: Record<string, string>): Promise<Answer> {
  const answer: Answer = { code: null, stdout: '', stderr: '' };
  answer.code = await runCommand(name, args, {
    env: { QM_DATA_DIR: emptyDir, ...env },
    stdout: { write: (text) => (answer.stdout += text) },
    stderr: { write: (text) => (answer.stderr += text) },
  });
  return answer;
}

/** Runs main.ts as an operator would. */
async function runMain(args: readonly string[], env: Record<string, string>): Promise<Answer> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'] ?? '', QM_DATA_DIR: emptyDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const answer: Answer = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (answer.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (answer.stderr += chunk.toString()));
  answer.code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return answer;
}

async function addAccount(url: ConfigSecret, email: string): Promise<void> {
  const postgres = createPostgres({
    url,
    service: 'test',
    schema: 'user_service',
    logger: harness.log.logger,
    metrics: createMetrics({ service: 'test' }),
  });
  await postgres.db.execute(sql`
    INSERT INTO users (id, email, hashed_password, created_at, updated_at) VALUES (gen_random_uuid(), ${email}, '', now(), now())`);
  await postgres.stop?.();
}

describe('the role command', () => {
  it('gives an account a role, which its open sessions have at once, and leaves an audit row', async () => {
    const { user, tokens, email } = await harness.register();
    const answer = await runMain(['role', email.toUpperCase(), 'admin'], { DATABASE_URL: harness.databaseUrl });
    expect(answer).toMatchObject({ code: 0, stdout: `${email.toUpperCase()} now has the role admin (before: user)\n`, stderr: '' });

    const { actor } = (await harness.as(tokens)) as { actor: { principal: { sessionId: string } } };
    const session = await harness.auth.checkSession({ sessionId: actor.principal.sessionId }, harness.anonymous);
    expect(session).toMatchObject({ active: true, role: 'admin' });
    const event = await waitUntil('user.role_changed', () =>
      harness.events.find(({ topic, key }) => topic === 'user.role_changed' && key === user.id),
    );
    expect(event.payload).toEqual({ userId: user.id, role: 'admin' });
    const { rows } = await harness.postgres.db.execute(sql`
      SELECT actor, details FROM audit_log WHERE user_id = ${user.id} AND action = 'account.role_changed'`);
    expect(rows).toEqual([{ actor: 'operator', details: { from: 'user', to: 'admin' } }]);
  });

  it('does nothing for a role that an account has already', async () => {
    const { user, email } = await harness.register();
    const answer = await run(['role', email, 'user'], { DATABASE_URL_USER: harness.databaseUrl });
    expect(answer).toMatchObject({ code: 0, stdout: `${email} has the role user already\n` });
    const { rows } = await harness.postgres.db.execute(
      sql`SELECT 1 FROM audit_log WHERE user_id = ${user.id} AND action = 'account.role_changed'`,
    );
    expect(rows).toHaveLength(0);
  });

  it('says when there is no such account, and exits with 1', async () => {
    const answer = await run(['role', 'nobody@example.com', 'admin'], { DATABASE_URL: harness.databaseUrl });
    expect(answer).toMatchObject({ code: 1, stdout: '', stderr: 'there is no account with the address nobody@example.com\n' });
  });

  it.each([
    ['an unknown role', ['role', 'a@example.com', 'king'], 'there is no role "king"'],
    ['a missing role', ['role', 'a@example.com'], 'usage: npm run user:role'],
    ['an unknown command', ['rule'], 'unknown command "rule"'],
  ])('exits with 64 for %s', async (_, args, words) => {
    const answer = await run(args, {});
    expect(answer).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining(words) });
  });

  it('starts the embedded database of the data folder for the moment, and finds it where a process runs it', async () => {
    const alone = await run(['role', 'ada@example.com', 'admin'], {});
    expect(alone).toMatchObject({ code: 1, stderr: 'there is no account with the address ada@example.com\n' });

    const server = await startEmbeddedPostgres({ dataDir: emptyDir, logger: harness.log.logger, durable: false });
    await addAccount(server.appUrl('user'), 'ada@example.com');
    const found = await run(['role', 'ada@example.com', 'moderator'], {});
    await server.stop();
    expect(found).toMatchObject({ code: 0, stdout: 'ada@example.com now has the role moderator (before: user)\n' });

    const afterwards = await run(['role', 'ada@example.com', 'moderator'], {});
    expect(afterwards).toMatchObject({ code: 0, stdout: 'ada@example.com has the role moderator already\n' });
  }, 60_000);

  it('wants a configured database outside development', async () => {
    const answer = await run(['role', 'nobody@example.com', 'admin'], { QM_ENV: 'staging' });
    expect(answer).toMatchObject({ code: 78, stderr: expect.stringContaining('DATABASE_URL_USER: expected') });
  });
});

describe('the service on its own', () => {
  it('does not start without database and Redis, exits with 78 and says which', async () => {
    const answer = await runMain([], {});
    expect(answer.code).toBe(78);
    expect(answer.stderr.split('\n').map((line) => line.split(':')[0])).toEqual(['DATABASE_URL_USER', 'REDIS_URL', '']);
  });

  it('does not start in production on any fallback of development', async () => {
    const answer = await runMain([], { QM_ENV: 'production', DATABASE_URL: harness.databaseUrl, REDIS_URL: 'redis://127.0.0.1:1' });
    expect(answer.code).toBe(78);
    expect(answer.stderr).toContain('QM_ACCESS_KEY_DIR: expected');
  });
});

describe('the rotate-keys command', () => {
  it('adds a key that signs in ten minutes, sealed, and does nothing while one is waiting', async () => {
    const env = { QM_DATA_DIR: harness.dataDir };
    const before = (await harness.auth.getJwks({}, harness.anonymous)).keys.length;
    const first = await run(['rotate-keys'], env);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d{8}T\d{6}Z\.pem was added .*; it signs in ten minutes/) });
    expect(await run(['rotate-keys'], env)).toMatchObject({ code: 0, stdout: expect.stringContaining('about to sign already') });
    const folder = join(harness.dataDir, 'keys', 'access');
    for (const name of await readdir(folder)) expect(await readFile(join(folder, name), 'utf8')).toMatch(/^qm-sealed:/);
    harness.clock.jump(6_000);
    const { keys } = await harness.auth.getJwks({}, harness.anonymous);
    expect(keys).toHaveLength(before + 1);
    const kidOf = (token: string): unknown => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid;
    expect(kidOf((await harness.register()).tokens.accessToken)).toBe(keys[0]!.kid);
    harness.clock.jump(10 * 60_000);
    expect(kidOf((await harness.register()).tokens.accessToken)).toBe(keys[1]!.kid);
  });

  it('names the variable of a folder that holds no keys', async () => {
    expect(await run(['rotate-keys'], { QM_ACCESS_KEY_DIR: emptyDir })).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('QM_ACCESS_KEY_DIR'),
    });
  });
});

describe('the rotate-encryption-key command', () => {
  it('seals everything anew, while the service runs, and drops the old key only when nothing needs it', async () => {
    const env = { QM_DATA_DIR: harness.dataDir, DATABASE_URL: harness.databaseUrl };
    const file = join(harness.dataDir, 'keys', 'encryption.key');
    const { tokens, email } = await harness.register();
    const { secret } = await harness.mfa.enrolTotp({}, await harness.as(tokens));
    const codeNow = (): string => TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: harness.clock.now() });
    await harness.mfa.confirmTotp({ code: codeNow() }, await harness.as(tokens));
    const old = openVault({ file }).keyId();

    expect(await run(['rotate-encryption-key'], env)).toMatchObject({ code: 0, stdout: expect.stringMatching(/secrets in the database/) });
    const fresh = openVault({ file }).keyId();
    expect(fresh).not.toBe(old);
    const sealedWith = async (): Promise<string[]> =>
      (
        await harness.postgres.db.execute<{ id: string }>(
          sql`SELECT DISTINCT encode(substring(sealed_secret FROM 2 FOR 4), 'hex') AS id FROM totp_factors`,
        )
      ).rows.map(({ id }) => id);
    expect(await sealedWith()).toEqual([fresh]);
    // The running service finds the new key by itself.
    harness.clock.jump(31_000);
    await harness.auth.login({ email, password, totpCode: codeNow() }, harness.anonymous);

    expect(await run(['rotate-encryption-key', '--drop'], env)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('old keys were dropped'),
    });
    expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(1);
    harness.clock.jump(31_000);
    await harness.auth.login({ email, password, totpCode: codeNow() }, harness.anonymous);
    expect(await run(['rotate-encryption-key', '--sideways'], env)).toMatchObject({ code: 64 });
  });
});
