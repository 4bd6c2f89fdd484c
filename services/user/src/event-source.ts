import type { Logger } from '@quotemaster/observe';
import type { Postgres, Transaction } from '@quotemaster/postgres';
import type { RpcCall } from '@quotemaster/rpc';

/** Where an event comes from: the transaction it is part of, the log of the call, and the network address behind it. */
export interface EventSource {
  readonly tx: Transaction;
  readonly logger: Logger;
  readonly address: string | undefined;
  /** Runs `hook` once the transaction has been committed; a rollback drops it. */
  onCommit(hook: () => void): void;
}

/** Runs `work` in a transaction whose events are logged and counted only once it has been committed. */
export async function withEvents<T>(
  postgres: Pick<Postgres, 'transaction'>,
  call: Pick<RpcCall, 'logger' | 'client'>,
  work: (source: EventSource) => Promise<T>,
): Promise<T> {
  const hooks: (() => void)[] = [];
  const result = await postgres.transaction((tx) =>
    work({ tx, logger: call.logger, address: call.client?.address, onCommit: (hook) => void hooks.push(hook) }),
  );
  for (const hook of hooks) hook();
  return result;
}
