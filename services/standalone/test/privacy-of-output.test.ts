import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@quotemaster/testkit';
import { Secret, TOTP } from 'otpauth';
import { call } from './api.ts';
import { startStandaloneProcess } from './standalone-process.ts';
import type { StandaloneProcess } from './standalone-process.ts';

/** Words that stand nowhere else: where one of them turns up, something private got out. */
const canary = {
  email: 'zanzibar.quillfeather@example.org',
  localPart: 'quillfeather',
  name: 'Xanthippe Wolkenstein',
  username: 'marmalade.otter',
  password: 'eleven purple lighthouses sing',
  newPassword: 'twelve crimson windmills hum low',
  prompt: 'a zephyrous gallimaufry of turnips',
  ownQuote: 'Every kumquat remembers its ladder.',
  author: 'Barnaby Thistlewick',
} as const;

let dataDir: string;
let system: StandaloneProcess;
const spans: Buffer[] = [];
const collector = createServer((request, response) => {
  request.on('data', (chunk: Buffer) => spans.push(chunk));
  request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
});

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'qm-output-'));
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const otlp = `http://127.0.0.1:${String((collector.address() as AddressInfo).port)}`;
  system = await startStandaloneProcess(dataDir, { QM_LOG_LEVEL: 'debug', OTEL_EXPORTER_OTLP_ENDPOINT: otlp });
  await system.ready();
}, 60_000);
afterAll(async () => {
  await system.end('SIGTERM');
  collector.closeAllConnections();
  collector.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe('all that the system prints, traces and counts', () => {
  it('holds no address, name, password, prompt, quote or token of a whole life with it', async () => {
    const secrets: string[] = Object.values(canary);
    const send = async (method: string, path: string, body?: unknown, token?: string, headers: Record<string, string> = {}) => {
      const answer = await call(system.url, method, path, body, {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      });
      return { ...answer, ok: answer.status < 300 };
    };
    const { email, password, newPassword, name, username } = canary;
    const registered = await send('POST', '/v1/auth/register', { email, password, fullName: name, username });
    expect(registered.status).toBe(201);
    let { tokens } = registered.body;
    secrets.push(tokens.accessToken, tokens.refreshToken);
    const mails = async (): Promise<string> =>
      (
        await Promise.all(
          (await readdir(join(dataDir, 'outbox')))
            .filter((file) => file.endsWith('.eml'))
            .map((file) => readFile(join(dataDir, 'outbox', file), 'utf8')),
        )
      )
        .join('\n')
        .replaceAll('=\n', '')
        .replaceAll('=3D', '=');
    await waitUntil('the mail', async () => (await mails()).includes('verify-email'));
    const verify = /verify-email#token=(\S+)/.exec(await mails())![1]!;
    secrets.push(verify);
    expect((await send('POST', '/v1/auth/verify-email', { token: verify })).status).toBe(204);

    // What goes wrong is logged more loudly than what goes well.
    await send('POST', '/v1/auth/login', { email, password: canary.newPassword });
    await send('POST', '/v1/auth/login', { email: `x${email}`, password });
    await send('POST', '/v1/auth/register', { email, password });
    await send('POST', '/v1/auth/register', { email, password, unknown: canary.prompt });
    await send('GET', `/v1/quotes?${canary.localPart}=${encodeURIComponent(canary.prompt)}`, undefined, tokens.accessToken);
    await send('GET', `/v1/${canary.localPart}/${encodeURIComponent(canary.name)}`, undefined, tokens.accessToken);
    await send('POST', '/v1/quotes/generate', { prompt: canary.prompt, tone: 7 }, tokens.accessToken);
    await send('GET', '/v1/users/me', undefined, `${tokens.accessToken}x`);

    const generated = await send('POST', '/v1/quotes/generate', { prompt: canary.prompt, count: 2 }, tokens.accessToken);
    expect(generated.status).toBe(201);
    secrets.push(...generated.body.quotes.map(({ text }: { text: string }) => text));
    await send('POST', '/v1/quotes', { text: canary.ownQuote, author: canary.author }, tokens.accessToken, { 'idempotency-key': 'k1' });
    await send('GET', '/v1/quotes', undefined, tokens.accessToken);

    const key = await send('POST', '/v1/users/me/api-keys', { name, scopes: ['quotes:read', 'quotes:write'] }, tokens.accessToken);
    secrets.push(key.body.secret);
    expect((await call(system.url, 'GET', '/v1/quotes', undefined, { 'x-api-key': key.body.secret })).status).toBe(200);
    const totp = await send('POST', '/v1/auth/mfa/totp', {}, tokens.accessToken);
    secrets.push(totp.body.secret);
    const code = (): string => TOTP.generate({ secret: Secret.fromBase32(totp.body.secret) });
    const confirmed = await send('POST', '/v1/auth/mfa/totp/confirm', { code: code() }, tokens.accessToken);
    secrets.push(...confirmed.body.recoveryCodes);
    const second = await send('POST', '/v1/auth/login', { email, password, recoveryCode: confirmed.body.recoveryCodes[0] });
    expect(second.status).toBe(200);
    const refreshed = await send('POST', '/v1/auth/refresh', { refreshToken: tokens.refreshToken });
    ({ tokens } = refreshed.body);
    secrets.push(tokens.accessToken, tokens.refreshToken, second.body.tokens.accessToken, second.body.tokens.refreshToken);
    expect((await send('PUT', '/v1/users/me/password', { password: newPassword }, tokens.accessToken)).status).toBe(204);
    await send('POST', '/v1/auth/forgot-password', { email });
    await waitUntil('the mail', async () => (await mails()).includes('reset-password#'));
    secrets.push(/reset-password#token=(\S+)/.exec(await mails())![1]!);
    expect((await send('GET', '/v1/users/me/export', undefined, tokens.accessToken)).status).toBe(200);
    const deleted = await send('DELETE', '/v1/users/me', undefined, tokens.accessToken);
    expect(deleted.status).toBe(202);
    secrets.push(deleted.body.receiptToken);
    await waitUntil(
      'the end',
      async () =>
        (
          await call(system.url, 'GET', `/v1/privacy/receipts/${deleted.body.receiptId}`, undefined, {
            'x-receipt-token': deleted.body.receiptToken,
          })
        ).body.status === 'done',
      { timeoutMs: 15_000 },
    );

    const metrics = await (await fetch(`${system.adminUrl}/metrics`)).text();
    expect((await system.end('SIGTERM')).code).toBe(0);
    const traced = Buffer.concat(spans).toString('latin1');
    const output = system.output();
    expect(output.split('\n').length).toBeGreaterThan(30);
    expect(traced).toContain('/v1/auth/register');
    for (const [where, text] of Object.entries({ output, traced, metrics })) {
      for (const secret of secrets) {
        const found = [secret, encodeURIComponent(secret), Buffer.from(secret, 'utf8').toString('latin1')].find((form) =>
          text.toLowerCase().includes(form.toLowerCase()),
        );
        if (found !== undefined)
          throw new Error(
            `${where} holds ${JSON.stringify(found)}: ${text.slice(Math.max(0, text.indexOf(found) - 200), text.indexOf(found) + 100)}`,
          );
      }
    }
  }, 90_000);
});
