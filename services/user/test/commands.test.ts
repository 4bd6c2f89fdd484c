import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@quotemaster/testkit';
import { sql } from 'drizzle-orm';
import { startHarness } from './harness.ts';
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

/** Runs main.ts as an operator would, in an environment of its own. */
async function run(args: readonly string[], env: Record<string, string>): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, ...args], { env: { PATH: process.env['PATH'] ?? '', QM_DATA_DIR: emptyDir, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, stdout, stderr };
}

describe('the role command', () => {
  it('gives an account a role, which its open sessions have at once, and leaves an audit row', async () => {
    const { user, tokens, email } = await harness.register();
    const answer = await run(['role', email.toUpperCase(), 'admin'], { DATABASE_URL: harness.databaseUrl });
    expect(answer).toMatchObject({ code: 0, stdout: `${email.toUpperCase()} now has the role admin (before: user)\n`, stderr: '' });

    const { actor } = (await harness.as(tokens)) as { actor: { principal: { sessionId: string } } };
    const session = await harness.auth.checkSession({ sessionId: actor.principal.sessionId }, harness.anonymous);
    expect(session).toMatchObject({ active: true, role: 'admin' });
    const event = await waitUntil('user.role_changed', () => harness.events.find(({ topic, key }) => topic === 'user.role_changed' && key === user.id));
    expect(event.payload).toEqual({ userId: user.id, role: 'admin' });
    const { rows } = await harness.postgres.db.execute(sql`
      SELECT actor, details FROM audit_log WHERE user_id = ${user.id} AND action = 'account.role_changed'`);
    expect(rows).toEqual([{ actor: 'operator', details: { from: 'user', to: 'admin' } }]);
  });

  it('does nothing for a role that an account has already', async () => {
    const { user, email } = await harness.register();
    const answer = await run(['role', email, 'user'], { DATABASE_URL_USER: harness.databaseUrl });
    expect(answer).toMatchObject({ code: 0, stdout: `${email} has the role user already\n` });
    const { rows } = await harness.postgres.db.execute(sql`SELECT 1 FROM audit_log WHERE user_id = ${user.id} AND action = 'account.role_changed'`);
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

  it('finds the embedded database of the data folder, and starts it for the moment where none runs', async () => {
    const answer = await run(['role', 'nobody@example.com', 'admin'], {});
    expect(answer).toMatchObject({ code: 1, stderr: 'there is no account with the address nobody@example.com\n' });
  });

  it('wants a configured database outside development', async () => {
    const answer = await run(['role', 'nobody@example.com', 'admin'], { QM_ENV: 'staging' });
    expect(answer).toMatchObject({ code: 78, stderr: expect.stringContaining('DATABASE_URL_USER: expected') });
  });
});

describe('the service on its own', () => {
  it('does not start without database and Redis, exits with 78 and says which', async () => {
    const answer = await run([], {});
    expect(answer.code).toBe(78);
    expect(answer.stderr.split('\n').map((line) => line.split(':')[0])).toEqual(['DATABASE_URL_USER', 'REDIS_URL', '']);
  });

  it('does not start in production on any fallback of development', async () => {
    const answer = await run([], { QM_ENV: 'production', DATABASE_URL: harness.databaseUrl, REDIS_URL: 'redis://127.0.0.1:1' });
    expect(answer.code).toBe(78);
    expect(answer.stderr).toContain('QM_ACCESS_KEY_DIR: expected');
  });
});
