import type { Component } from '@quotemaster/lifecycle';
import { createRepeater } from '@quotemaster/postgres';
import type { Context } from '../context.ts';
import { isRefused } from '../mail/mailer.ts';
import { mailContext } from '../mail/mailbox.ts';
import type { SealedMail } from '../mail/mailbox.ts';
import { toMessage } from '../mail/messages.ts';
import { mailStore } from '../store/mail-store.ts';
import type { MailRow } from '../store/mail-store.ts';

/** Woken by every commit of this process that brought mail; what others left behind waits no longer than this. */
const everyMs = 2_000;
const firstRetryMs = 5_000;
const retryMsMax = 30 * 60_000;
/** With waits that double up to half an hour, two days. */
const attemptsMax = 100;

type Needs = Pick<Context, 'clock' | 'postgres' | 'vault' | 'mailbox' | 'mailer' | 'publicUrl' | 'logger' | 'metrics'>;

/**
 * Sends the mail that is due: each by one process at a time, again with growing pauses while the server can't be reached, and no
 * more once it has refused for good. The log says that mail was sent, and neither to whom nor what.
 */
export function createMailSender(context: Needs): Component {
  const { postgres, mailbox, mailer, logger, metrics } = context;
  const sent = metrics.counter('user_mails_total', 'Mails by what became of them.', ['kind', 'outcome']);
  metrics.gauge('user_mails_waiting', 'Mails still to be sent.', [], async (gauge) => gauge.set(await mailStore.count(postgres.db)));
  const repeater = createRepeater({
    everyMs,
    run: () => sendOne(context, (kind, outcome) => sent.inc({ kind, outcome })),
    onError: (error) => logger.warn({ err: error }, 'mail not looked for; the next run tries again'),
  });
  mailbox.onMail(() => repeater.wake());
  return {
    name: 'mail sender',
    start: () => repeater.start(),
    async stop() {
      await repeater.stop();
      mailer.close();
    },
  };
}

/** Sends one mail; tells whether there was one. The row is held meanwhile, so that nobody else sends it. */
async function sendOne(context: Needs, count: (kind: string, outcome: string) => void): Promise<boolean> {
  const { clock, postgres, logger } = context;
  const now = clock.now();
  return postgres.transaction(async (tx) => {
    const mail = await mailStore.claim(tx, new Date(now));
    if (mail === undefined) return false;
    try {
      await deliver(context, mail);
      await mailStore.delete(tx, mail.id);
      if (mail.sealed === null) return true;
      count(mail.kind, 'sent');
      logger.info({ kind: mail.kind, userId: mail.userId }, 'mail written');
    } catch (error) {
      if (isRefused(error) || mail.attempts + 1 >= attemptsMax) {
        await mailStore.delete(tx, mail.id);
        count(mail.kind, 'refused');
        logger.error({ kind: mail.kind, userId: mail.userId, reason: causeOf(error) }, 'mail given up');
      } else {
        const pauseMs = Math.min(retryMsMax, firstRetryMs * 2 ** Math.min(mail.attempts, 20));
        await mailStore.postpone(tx, mail.id, new Date(now + pauseMs));
        count(mail.kind, 'postponed');
        logger.warn({ kind: mail.kind, userId: mail.userId, reason: causeOf(error), pauseMs }, 'mail not sent yet');
      }
    }
    return true;
  });
}

async function deliver({ vault, mailer, publicUrl }: Needs, { id, sealed }: MailRow): Promise<void> {
  if (sealed === null) return;
  const { to, content } = JSON.parse(vault.open(sealed, mailContext(id)).toString('utf8')) as SealedMail;
  await mailer.send({ to, ...toMessage(content, publicUrl), messageId: `<${id}@quotemaster>` });
}

/** What a mail server says may name the address: of an error only its kind is told. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  return [error.name, code, responseCode].filter((part) => typeof part === 'string' || typeof part === 'number').join(' ');
}
