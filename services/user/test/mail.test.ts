import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@quotemaster/testkit';
import { SMTPServer } from 'smtp-server';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly user: string | undefined;
}

/** A real mail server on this machine, which refuses what a test tells it to. */
async function startMailServer(
  port = 0,
): Promise<{ port: number; received: Received[]; refuse: { code: number; times: number }; stop(): Promise<void> }> {
  const received: Received[] = [];
  const refuse = { code: 0, times: 0 };
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    onAuth: ({ username, password }, _session, callback) =>
      password === 'hunter2' ? callback(null, { user: username ?? '' }) : callback(new Error('wrong')),
    onRcptTo: (_address, _session, callback) => {
      const isRefused = refuse.times > 0;
      refuse.times -= 1;
      callback(isRefused ? Object.assign(new Error('no such person at all@example.com'), { responseCode: refuse.code }) : undefined);
    },
    onData: (stream, session, callback) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(pieces).toString('utf8').replaceAll('=\r\n', '').replaceAll('=3D', '='),
          user: session.user,
        });
        callback();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    refuse,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

describe('mail over SMTP', () => {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });
  async function start(smtpUrl: string): Promise<Harness> {
    const harness = await startHarness({ SMTP_URL: smtpUrl, QM_PUBLIC_URL: 'https://quotes.example.org' });
    stops.push(() => harness.stop());
    return harness;
  }

  it('reaches the server as plain text, signed in, with links to the public address alone', async () => {
    const server = await startMailServer();
    stops.push(() => server.stop());
    const harness = await start(`smtp://mailer:hunter2@127.0.0.1:${String(server.port)}`);
    const { email } = await harness.register();
    await waitUntil('the mail', () => server.received.length === 1);
    const [mail] = server.received;
    expect(mail).toMatchObject({ to: [email], from: 'no-reply@quotes.example.org', user: 'mailer' });
    expect(mail!.text).toMatch(/^Content-Type: text\/plain/m);
    expect(mail!.text).toMatch(/https:\/\/quotes\.example\.org\/verify-email#token=qmm_[\w-]{43}/);
    const token = /#token=(\S+)/.exec(mail!.text)![1]!;
    await harness.auth.verifyEmail({ token }, harness.anonymous);
  });

  it('waits while the server is away, and is sent once when it is back; nobody who registers waits for it', async () => {
    const place: Server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => place.once('listening', resolve));
    const { port } = place.address() as AddressInfo;
    await new Promise((resolve) => place.close(resolve));
    const harness = await start(`smtp://127.0.0.1:${String(port)}`);
    const { email } = await harness.register();
    await waitUntil('a failure', () => harness.log.text().includes('mail not sent yet'));
    const server = await startMailServer(port);
    stops.push(() => server.stop());
    harness.clock.jump(10_000);
    await waitUntil('the mail', () => server.received.length === 1);
    await harness.register();
    await waitUntil('the next', () => server.received.length === 2);
    expect(server.received.map(({ to }) => to[0])).toContain(email);
  });

  it('is tried again after a "not now", and given up after a "never", without a word of whom it was for', async () => {
    const server = await startMailServer();
    stops.push(() => server.stop());
    const harness = await start(`smtp://127.0.0.1:${String(server.port)}`);
    Object.assign(server.refuse, { code: 451, times: 1 });
    await harness.register('later');
    await waitUntil('a failure', () => harness.log.text().includes('mail not sent yet'));
    harness.clock.jump(10_000);
    await waitUntil('the mail', () => server.received.length === 1);
    Object.assign(server.refuse, { code: 550, times: 1 });
    await harness.register('never');
    await waitUntil('the end of it', () => harness.log.text().includes('mail given up'));
    for (const hidden of ['later@', 'never@', 'all@example.com']) expect(harness.log.text()).not.toContain(hidden);
    expect(server.received).toHaveLength(1);
  });
});
