import type { Clock } from '@quotemaster/lifecycle';
import { afterCommit } from '@quotemaster/postgres';
import type { Transaction } from '@quotemaster/postgres';
import type { Vault } from '@quotemaster/vault';
import { createSecretToken, hashSecretToken } from '../credentials/secret-token.ts';
import { mailStore } from '../store/mail-store.ts';
import type { MailPurpose } from '../store/tables.ts';
import type { MailContent } from './messages.ts';

export const verifyTtlMs = 24 * 3_600_000;
export const resetTtlMs = 30 * 60_000;

/** What a row of `mails` holds under seal. */
export interface SealedMail {
  readonly to: string;
  readonly content: MailContent;
}

/** Takes mail as part of a transaction; it is sent soon after, for certain, by whichever process comes first. */
export interface Mailbox {
  notify(tx: Transaction, user: { id: string; email: string }, what: Extract<MailContent, { kind: 'notice' }>['what']): Promise<void>;
  /** Makes a single-use token and mails it. The one sent before stops working. */
  sendToken(tx: Transaction, user: { id: string; email: string }, purpose: MailPurpose): Promise<void>;
  /** Does the work of a mail that nobody gets: an address without an account takes the same time. */
  sendNothing(tx: Transaction): Promise<void>;
  /** Called after each commit that brought mail. */
  onMail(wake: () => void): void;
}

export function createMailbox({ clock, vault, newId }: { clock: Clock; vault: Vault; newId: () => string }): Mailbox {
  let wake: () => void = () => undefined;

  async function put(tx: Transaction, userId: string | null, kind: string, mail: SealedMail | undefined): Promise<void> {
    const id = newId();
    const sealed = vault.seal(JSON.stringify(mail ?? {}), mailContext(id));
    await mailStore.append(tx, { id, userId, kind, sealed: mail === undefined ? null : sealed, createdAt: new Date(clock.now()) });
    afterCommit(tx, () => wake());
  }

  return {
    // A row goes with its account; the last mail must not.
    notify: (tx, user, what) =>
      put(tx, what === 'account_deleted' ? null : user.id, what, { to: user.email, content: { kind: 'notice', what } }),
    async sendToken(tx, user, purpose) {
      const token = createSecretToken('qmm_');
      const now = clock.now();
      await mailStore.replaceToken(tx, {
        hash: hashSecretToken(token),
        userId: user.id,
        purpose,
        email: user.email,
        createdAt: new Date(now),
        expiresAt: new Date(now + (purpose === 'verify_email' ? verifyTtlMs : resetTtlMs)),
      });
      await put(tx, user.id, purpose, { to: user.email, content: { kind: purpose, token } });
    },
    async sendNothing(tx) {
      hashSecretToken(createSecretToken('qmm_'));
      await put(tx, null, 'nobody', undefined);
    },
    onMail: (listener) => {
      wake = listener;
    },
  };
}

/** What a mail is sealed with besides the key: it opens as no other row's. */
export function mailContext(id: string): string {
  return `user/mail/${id}`;
}
