import { sessionOf } from './database.ts';
import type { Transaction } from './database.ts';

/** What hangs on a transaction that createPostgres began. */
export interface OpenTransaction {
  /** Runs when it has been committed, each once; a rollback drops them. */
  readonly afterCommit: Set<() => void>;
  /** Wakes the relays of this database's outbox. */
  readonly wakeRelays: () => void;
}

const open = new WeakMap<object, OpenTransaction>();

/** Remembers what hangs on a transaction; the memory ends with it. */
export function registerTransaction(tx: Transaction, state: OpenTransaction): void {
  open.set(sessionOf(tx), state);
}

/** Finds it again, from a savepoint within as well. @throws Error for a transaction that somebody else began. */
export function requireOpenTransaction(tx: Transaction): OpenTransaction {
  const state = open.get(sessionOf(tx));
  if (state === undefined) throw new Error('this needs a transaction that createPostgres began');
  return state;
}

/** Runs `hook` once the transaction of `tx` has been committed; a rollback drops it. A hook that throws is logged. */
export function afterCommit(tx: Transaction, hook: () => void): void {
  requireOpenTransaction(tx).afterCommit.add(hook);
}
