import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secret } from '@quotemaster/config';
import { createTransport } from 'nodemailer';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same for the same mail: a server that got it twice can tell. */
  readonly messageId: string;
}

/** Brings mail to where it goes next. */
export interface Mailer {
  /** @throws Error when the mail was not taken; `isRefused` tells whether it ever will be. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

/** Each part of a conversation with a mail server; together they stay below what a transaction may idle. */
const timeoutMs = 4_000;

/**
 * Creates the mailer for an SMTP server: `smtp://user:password@host:587` (STARTTLS where it is offered; always with `smtps:` or
 * `?requireTLS=true`).
 */
export function createSmtpMailer({ url, from }: { url: Secret; from: string }): Mailer {
  const transport = createTransport(
    {
      url: url.reveal(),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    async send({ to, subject, text, messageId }) {
      await transport.sendMail({
        to: { name: '', address: to },
        subject,
        text,
        messageId,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    },
    close: () => transport.close(),
  };
}

/** Creates the mailer of development: each mail is a file (mode 0600) in a folder that only its owner enters. */
export function createFileMailer({ folder, from }: { folder: string; from: string }): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' }, { from });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    async send({ to, subject, text, messageId }) {
      const { message } = await transport.sendMail({ to: { name: '', address: to }, subject, text, messageId });
      const name = `${new Date().toISOString().replaceAll(':', '')}-${randomUUID().slice(0, 8)}.eml`;
      const draft = join(folder, `.${name}`);
      await writeFile(draft, message as Buffer, { mode: 0o600, flag: 'wx' });
      // A reader of the folder sees whole mails only.
      await rename(draft, join(folder, name));
    },
    close: () => undefined,
  };
}

/** Tells whether a mail server said no for good (RFC 5321: a reply of 5xx), so that asking again is no use. */
export function isRefused(error: unknown): boolean {
  const code = error instanceof Error && 'responseCode' in error ? error.responseCode : undefined;
  return typeof code === 'number' && code >= 500;
}
