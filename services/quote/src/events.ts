import type { Logger, Metrics } from '@quotemaster/observe';
import { afterCommit, appendOutbox } from '@quotemaster/postgres';
import type { Transaction } from '@quotemaster/postgres';
import type { Origin } from './domain/origin.ts';
import type { Quote } from './domain/quote.ts';

/**
 * The business events of this service, each an outbox row in the transaction of its effect, and a log line and a
 * count once that has been committed.
 *
 * Payloads hold ids, tones, scores and models; never a word of a quote or a prompt. The key is the user, so that what
 * one user does stays in order.
 */
export interface QuoteEvents {
  generated(tx: Transaction, logger: Logger, userId: string, quotes: readonly Quote[], origin: Origin, asks: number): Promise<void>;
  /** A lesser source answered in place of the models; told whether or not its words were kept. */
  degraded(logger: Logger, reason: string): void;
  created(tx: Transaction, logger: Logger, quote: Quote): Promise<void>;
  /** `fields` are the names of the fields asked to change. */
  updated(tx: Transaction, logger: Logger, quote: Quote, fields: readonly string[]): Promise<void>;
  deleted(tx: Transaction, logger: Logger, userId: string, quoteId: string): Promise<void>;
  favorited(tx: Transaction, logger: Logger, userId: string, quoteId: string): Promise<void>;
  unfavorited(tx: Transaction, logger: Logger, userId: string, quoteId: string): Promise<void>;
}

export function createQuoteEvents(metrics: Metrics): QuoteEvents {
  const count = metrics.counter('quote_events_total', 'What happened to quotes, by event.', ['event']);
  const degradedAnswers = metrics.counter(
    'quote_degraded_answers_total',
    'Answers of a lesser source, by the error that made them necessary.',
    ['reason'],
  );

  async function record(
    { tx, logger, topic, message }: { tx: Transaction; logger: Logger; topic: string; message: string },
    userId: string,
    facts: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await appendOutbox(tx, { topic, key: userId, payload: { userId, ...facts } });
    afterCommit(tx, () => {
      logger.info({ event: topic, ...facts }, message);
      count.inc({ event: topic });
    });
  }

  return {
    generated: (tx, logger, userId, quotes, { usage, ...origin }, asks) =>
      record({ tx, logger, topic: 'quote.generated', message: 'quotes were generated' }, userId, {
        quotes: quotes.map(toFacts),
        ...origin,
        usage: { ...usage, costMicroUsd: Number(usage.costMicroUsd) },
        asks,
      }),
    degraded(logger, reason) {
      degradedAnswers.inc({ reason });
      logger.warn({ reason }, 'no model could answer; the composer did');
    },
    created: (tx, logger, quote) =>
      record({ tx, logger, topic: 'quote.created', message: 'a quote was created' }, quote.userId, { quote: toFacts(quote) }),
    updated: (tx, logger, quote, fields) =>
      record({ tx, logger, topic: 'quote.updated', message: 'a quote was changed' }, quote.userId, { quote: toFacts(quote), fields }),
    deleted: (tx, logger, userId, quoteId) =>
      record({ tx, logger, topic: 'quote.deleted', message: 'a quote was deleted' }, userId, { quoteId }),
    favorited: (tx, logger, userId, quoteId) =>
      record({ tx, logger, topic: 'quote.favorited', message: 'a quote was marked as favorite' }, userId, { quoteId }),
    unfavorited: (tx, logger, userId, quoteId) =>
      record({ tx, logger, topic: 'quote.unfavorited', message: 'a favorite mark was taken away' }, userId, { quoteId }),
  };
}

function toFacts(quote: Quote): object {
  const { id, source, emotionalTone, sentimentScore, qualityScore, aiModel } = quote;
  return { id, source, emotionalTone, sentimentScore, qualityScore, aiModel };
}
