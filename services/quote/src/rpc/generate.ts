import type { MessageInitShape } from '@bufbuild/protobuf';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { GenerationSchema } from '@quotemaster/contract/ai';
import { GenerateQuotesRequestSchema, GenerateQuotesResponseSchema, quoteErrors } from '@quotemaster/contract/quote';
import type { GenerateQuotesRequest, GenerateQuotesResponse } from '@quotemaster/contract/quote';
import { AppError } from '@quotemaster/errors';
import { withSpan } from '@quotemaster/observe';
import { idempotent } from '@quotemaster/postgres';
import type { Transaction } from '@quotemaster/postgres';
import type { RpcCall } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import type { Candidate } from '../domain/candidate.ts';
import { sumOrigins } from '../domain/origin.ts';
import type { Origin } from '../domain/origin.ts';
import { promptTemplate } from '../domain/prompt.ts';
import type { Quote } from '../domain/quote.ts';
import { createGathering } from './gather-candidates.ts';
import type { PutAsk } from './gather-candidates.ts';
import { idempotencyOf } from './idempotency-of.ts';
import { toQuoteMessage } from './to-quote-message.ts';
import { toWish } from './to-wish.ts';

/** How often one request tries to store before it gives up: each further time another call stored the same texts first. */
const storesMax = 3;

export type GenerateContext = Pick<Context, 'quotes' | 'postgres' | 'events' | 'clock' | 'newId' | 'ai' | 'config'>;

/**
 * Generates quotes and stores them: the flow behind GenerateQuotes and StreamGenerateQuotes, which differ in `putAsk`.
 *
 * Claim of the idempotency key, asks, choice, then one transaction with the quotes, the answer for the key and the
 * outbox row. The key's scope is the user and GenerateQuotes for both faces, so either replays what the other stored.
 * @throws AppError `quote.nothing_new`; those of idempotency keys; whatever ai-orchestrator failed with.
 */
export function generate(
  context: GenerateContext,
  request: GenerateQuotesRequest,
  call: RpcCall,
  putAsk: PutAsk,
): Promise<GenerateQuotesResponse> {
  return withSpan('quote.generate', { 'quote.count': request.count ?? 1 }, async () => {
    const { userId } = call.requirePrincipal();
    const { postgres, clock } = context;
    const wish = toWish(request);
    const gathering = createGathering(context, { wish, userId, seed: request.seed, fresh: request.fresh ?? false, putAsk }, call);
    const terms = { ...idempotencyOf(call, 'GenerateQuotes', GenerateQuotesRequestSchema, request), clock };

    for (let stores = 1; ; stores += 1) {
      try {
        const { answer, replayed } = await idempotent(postgres, terms, {
          execute: () => gathering.gather(),
          store: (tx, chosen) =>
            withSpan('quote.store', { 'quote.chosen': chosen.length }, async () => {
              const { quotes, added } = await storeChosen(context, tx, userId, chosen, request.seed !== undefined);
              if (quotes.length === 0) throw new LostRace();
              const origin = sumOrigins((chosen[0] as Candidate).origin, gathering.origins);
              await context.events.generated(tx, call.logger, userId, added, origin, gathering.origins.length);
              const response = create(GenerateQuotesResponseSchema, {
                quotes: quotes.map(toQuoteMessage),
                generation: toGeneration(origin),
              });
              return toBinary(GenerateQuotesResponseSchema, response);
            }),
        });
        if (replayed) call.setReplayed();
        return fromBinary(GenerateQuotesResponseSchema, answer);
      } catch (error) {
        if (!(error instanceof LostRace)) throw error;
        if (stores === storesMax)
          throw new AppError(quoteErrors.nothingNew, { reason: 'other calls stored the same texts first', cause: error });
      }
    }
  });
}

/** Another call of the user's stored every chosen text since it was chosen. */
class LostRace extends Error {}

/**
 * Stores what was chosen. `quotes` are the answer, best first; `added` those of it that are new rows.
 *
 * With `mayBeOwned` (a seed) a text that the user already has is answered with the quote as it stands; otherwise one
 * that was stored meanwhile is left out.
 */
async function storeChosen(
  { quotes: store, clock, newId }: GenerateContext,
  tx: Transaction,
  userId: string,
  chosen: readonly Candidate[],
  mayBeOwned: boolean,
): Promise<{ quotes: Quote[]; added: Quote[] }> {
  const now = new Date(clock.now());
  const drafts = chosen.map((candidate) => toQuote(candidate, userId, newId(), now));
  const hashesOf = (quotes: readonly Quote[]): string[] => quotes.map((quote) => quote.textHash);

  const owned = mayBeOwned ? await store.findByHashes(tx, userId, hashesOf(drafts)) : [];
  const missing = drafts.filter((draft) => !hashesOf(owned).includes(draft.textHash));
  const ids = await store.insertGenerated(tx, missing);
  const added = missing.filter((draft) => ids.has(draft.id));
  const lost = missing.filter((draft) => !ids.has(draft.id));
  if (mayBeOwned) owned.push(...(await store.findByHashes(tx, userId, hashesOf(lost))));

  const kept = new Map([...owned, ...added].map((quote) => [quote.textHash, quote]));
  return { quotes: drafts.flatMap((draft) => kept.get(draft.textHash) ?? []), added };
}

function toQuote({ text, textHash, analysis, origin }: Candidate, userId: string, id: string, now: Date): Quote {
  return {
    ...analysis,
    id,
    userId,
    text,
    textHash,
    author: null,
    source: 'ai_generated',
    aiModel: origin.model,
    tags: [],
    favorite: false,
    provenance: { kind: 'original-ai', model: origin.model, template: promptTemplate, decisionId: origin.decisionId },
    edited: false,
    createdAt: now,
    updatedAt: now,
  };
}

/** Protobuf-es takes no undefined for what may be left out. */
function toGeneration({ degradedReason, ...origin }: Origin): MessageInitShape<typeof GenerationSchema> {
  return degradedReason === undefined ? origin : { ...origin, degradedReason };
}
