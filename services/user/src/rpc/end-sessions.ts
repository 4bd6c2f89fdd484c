import type { Context } from '../context.ts';
import type { EventSource } from '../event-source.ts';
import { sessionStore } from '../store/session-store.ts';
import type { RevokeReason } from '../store/tables.ts';

/** Ends every session of a user but one, and tells those who may have cached them. */
export async function endSessions(
  source: EventSource,
  { clock, events }: Pick<Context, 'clock' | 'events'>,
  { userId, reason, exceptId, actor }: { userId: string; reason: RevokeReason; exceptId?: string | undefined; actor?: string },
): Promise<void> {
  const ended = await sessionStore.revokeAll(source.tx, userId, reason, new Date(clock.now()), exceptId);
  for (const sessionId of ended)
    await events.sessionRevoked(source, { sessionId, userId, reason, ...(actor === undefined ? {} : { actor }) });
}
