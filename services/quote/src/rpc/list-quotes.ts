import { clone, toBinary } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { ListQuotesRequestSchema, quoteErrors, QuoteService } from '@quotemaster/contract/quote';
import type { ListQuotesRequest } from '@quotemaster/contract/quote';
import { AppError, commonErrors } from '@quotemaster/errors';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { requireLine } from '../domain/owned-text.ts';
import { quoteSources } from '../domain/quote.ts';
import type { QuoteFilters } from '../store/quote-store.ts';
import { toQuoteMessage } from './to-quote-message.ts';

const pageSizeDefault = 20;

export function listQuotes({ quotes, pageTokens }: Pick<Context, 'quotes' | 'pageTokens'>): RpcHandler {
  return handleRpc(QuoteService.method.listQuotes, async (request, call) => {
    const { userId } = call.requirePrincipal();
    const scope = { userId, filters: canonicalFilters(request) };
    const after = request.pageToken === undefined ? undefined : pageTokens.verify(request.pageToken, scope);
    if (request.pageToken !== undefined && after === undefined) throw new AppError(quoteErrors.pageTokenInvalid);

    const pageSize = request.pageSize ?? pageSizeDefault;
    // One row more tells whether there is a next page.
    const rows = await quotes.list(userId, toFilters(request), after, pageSize + 1);
    const items = rows.slice(0, pageSize);
    const last = items.at(-1);
    return {
      items: items.map(toQuoteMessage),
      ...(last !== undefined && rows.length > pageSize ? { nextPageToken: pageTokens.sign(last, scope) } : {}),
    };
  });
}

/** The page size is no filter: it may change from page to page. */
function canonicalFilters(request: ListQuotesRequest): Uint8Array {
  const filters = clone(ListQuotesRequestSchema, request);
  delete filters.pageSize;
  delete filters.pageToken;
  return toBinary(ListQuotesRequestSchema, filters, { writeUnknownFields: false });
}

function toFilters(request: ListQuotesRequest): QuoteFilters {
  return {
    source: quoteSources.find((source) => source === request.source),
    tone: request.tone === undefined ? undefined : requireLine('tone', request.tone),
    tag: request.tag === undefined ? undefined : requireLine('tag', request.tag),
    favorite: request.favorite,
    minQuality: request.minQuality,
    from: request.from && toInstant('from', request.from),
    to: request.to && toInstant('to', request.to),
  };
}

/** Rows have whole milliseconds, so a bound between two of them means the later one. */
function toInstant(field: 'from' | 'to', { seconds, nanos }: Timestamp): Date {
  const instant = new Date(Number(seconds) * 1000 + Math.ceil(nanos / 1_000_000));
  if (Number.isNaN(instant.getTime())) {
    throw new AppError(commonErrors.invalidRequest, { fields: [{ field, message: 'must be a time of the years 1 to 9999' }] });
  }
  return instant;
}
