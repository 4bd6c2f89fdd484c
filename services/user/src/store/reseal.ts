import type { Postgres, Transaction } from '@quotemaster/postgres';
import type { Vault } from '@quotemaster/vault';
import { eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { totpContext } from '../credentials/second-factor.ts';
import { mailContext } from '../mail/mailbox.ts';
import { codeContext, linkContext } from '../rpc/oauth-code.ts';
import { flowContext } from '../rpc/start-oauth.ts';
import { mails, oauthCodes, oauthFlows, oauthLinks, totpFactors } from './tables.ts';

const rowsAtOnce = 100;

/** A sealed column: its rows, what each is sealed with besides the key, and how one is written back. */
interface SealedColumn {
  rows(tx: Transaction, current: SQL, limit: number): Promise<readonly { sealed: Buffer; context: string; where: SQL }[]>;
  write(tx: Transaction, where: SQL, sealed: Buffer): Promise<unknown>;
}

/** Every column of this service that holds secrets under the encryption key. */
const columns: readonly SealedColumn[] = [
  {
    rows: async (tx, current, limit) =>
      (await tx.select().from(totpFactors).where(isOld(totpFactors.sealedSecret, current)).limit(limit).for('update')).map((row) => ({
        sealed: row.sealedSecret,
        context: totpContext(row.userId),
        where: eq(totpFactors.userId, row.userId),
      })),
    write: (tx, where, sealedSecret) => tx.update(totpFactors).set({ sealedSecret }).where(where),
  },
  {
    rows: async (tx, current, limit) =>
      (await tx.select().from(oauthLinks).where(isOld(oauthLinks.sealedTokens, current)).limit(limit).for('update')).map((row) => ({
        sealed: row.sealedTokens ?? Buffer.alloc(0),
        context: linkContext(row.provider, row.subject),
        where: sql`${oauthLinks.provider} = ${row.provider} AND ${oauthLinks.subject} = ${row.subject}`,
      })),
    write: (tx, where, sealedTokens) => tx.update(oauthLinks).set({ sealedTokens }).where(where),
  },
  {
    rows: async (tx, current, limit) =>
      (await tx.select().from(mails).where(isOld(mails.sealed, current)).limit(limit).for('update')).map((row) => ({
        sealed: row.sealed ?? Buffer.alloc(0),
        context: mailContext(row.id),
        where: eq(mails.id, row.id),
      })),
    write: (tx, where, sealed) => tx.update(mails).set({ sealed }).where(where),
  },
  {
    rows: async (tx, current, limit) =>
      (await tx.select().from(oauthFlows).where(isOld(oauthFlows.sealed, current)).limit(limit).for('update')).map((row) => ({
        sealed: row.sealed,
        context: flowContext(row.stateHash),
        where: eq(oauthFlows.stateHash, row.stateHash),
      })),
    write: (tx, where, sealed) => tx.update(oauthFlows).set({ sealed }).where(where),
  },
  {
    rows: async (tx, current, limit) =>
      (await tx.select().from(oauthCodes).where(isOld(oauthCodes.sealed, current)).limit(limit).for('update')).map((row) => ({
        sealed: row.sealed,
        context: codeContext(row.hash),
        where: eq(oauthCodes.hash, row.hash),
      })),
    write: (tx, where, sealed) => tx.update(oauthCodes).set({ sealed }).where(where),
  },
];

/**
 * Seals anew, under the newest key, every secret of the database that another key sealed; a hundred rows a transaction.
 * @returns how many were sealed anew, and how many are left: 0 but for what was written meanwhile by a process that has not read the new key.
 * @throws Error for a secret whose key is gone; what was done before it stays done.
 */
export async function reseal(postgres: Pick<Postgres, 'transaction' | 'db'>, vault: Vault): Promise<{ resealed: number; left: number }> {
  const current = sql`decode(${vault.keyId()}, 'hex')`;
  let resealed = 0;
  for (const column of columns) {
    let done: number;
    do {
      done = await postgres.transaction(async (tx) => {
        const rows = await column.rows(tx, current, rowsAtOnce);
        for (const { sealed, context, where } of rows) await column.write(tx, where, vault.seal(vault.open(sealed, context), context));
        return rows.length;
      });
      resealed += done;
    } while (done === rowsAtOnce);
  }
  let left = 0;
  for (const column of columns) left += (await postgres.transaction((tx) => column.rows(tx, current, rowsAtOnce))).length;
  return { resealed, left };
}

/** Bytes 2 to 5 of what a vault has sealed are the id of the key. */
function isOld(column: SQL | Parameters<typeof eq>[0], current: SQL): SQL {
  return sql`${column} IS NOT NULL AND substring(${column} FROM 2 FOR 4) <> ${current}`;
}
