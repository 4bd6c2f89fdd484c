import type { LimitState } from '../account.ts';
import { numberOf, readTurns, Refused, requireText, sse, textOf } from './dialect.ts';
import type { ChatAnswer, ChatAsk, Dialect, Refusal, RefusalKind } from './dialect.ts';

/** @see https://platform.claude.com/docs/en/api/errors */
const errors: Readonly<Record<RefusalKind, { status: number; type: string }>> = {
  rate_limited: { status: 429, type: 'rate_limit_error' },
  unauthorized: { status: 401, type: 'authentication_error' },
  not_found: { status: 404, type: 'not_found_error' },
  context_too_long: { status: 400, type: 'invalid_request_error' },
  invalid_request: { status: 400, type: 'invalid_request_error' },
  content_filter: { status: 400, type: 'invalid_request_error' },
  overloaded: { status: 529, type: 'overloaded_error' },
  server_error: { status: 500, type: 'api_error' },
};

/** Anthropic's Messages API. @see https://platform.claude.com/docs/en/api/messages */
export const anthropicDialect: Dialect = {
  keyOf: (headers) => (typeof headers['x-api-key'] === 'string' ? headers['x-api-key'] : undefined),
  refuse,
  limitHeaders(state) {
    if (state === undefined) return {};
    const { limits, requestsLeft, tokensLeft } = state;
    return {
      ...(limits.requestsPerMinute === undefined ? {} : headersOf('requests', limits.requestsPerMinute, requestsLeft, state)),
      ...(limits.tokensPerMinute === undefined
        ? {}
        : {
            ...headersOf('tokens', limits.tokensPerMinute, tokensLeft, state),
            ...headersOf('input-tokens', limits.tokensPerMinute, tokensLeft, state),
          }),
    };
  },
  readChat,
  whole(answer) {
    return {
      id: `msg_${answer.id}`,
      type: 'message',
      role: 'assistant',
      model: answer.model,
      content: answer.text === '' ? [] : [{ type: 'text', text: answer.text, citations: null }],
      stop_reason: stopReasonOf(answer),
      stop_sequence: null,
      ...(answer.withUsage ? { usage: usageOf(answer) } : {}),
    };
  },
  script(answer) {
    const started = { ...answer, text: '' };
    const usage = { ...usageOf(answer), output_tokens: 1 };
    return {
      head: [
        sse(
          {
            type: 'message_start',
            message: { ...this.whole(started), stop_reason: null, ...(answer.withUsage ? { usage } : { usage: {} }) },
          },
          'message_start',
        ),
        sse({ type: 'ping' }, 'ping'),
        sse({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: null } }, 'content_block_start'),
      ],
      piece: (text) => sse({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }, 'content_block_delta'),
      broken: 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"del\n\n',
      error: sse({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'error'),
      tail: [
        sse({ type: 'content_block_stop', index: 0 }, 'content_block_stop'),
        sse(
          {
            type: 'message_delta',
            delta: { stop_reason: stopReasonOf(answer), stop_sequence: null },
            usage: answer.withUsage ? { output_tokens: answer.outputTokens } : {},
          },
          'message_delta',
        ),
      ],
      last: sse({ type: 'message_stop' }, 'message_stop'),
    };
  },
};

function refuse(kind: RefusalKind, message: string, status?: number): Refusal {
  const error = errors[kind];
  // A prompt that is too long is known by its words alone.
  const said = kind === 'context_too_long' ? 'prompt is too long: 1200000 tokens > 1000000 maximum' : message;
  return {
    status: status ?? error.status,
    body: { type: 'error', error: { type: typeOf(status) ?? error.type, message: said }, request_id: 'req_simulator' },
  };
}

function typeOf(status: number | undefined): string | undefined {
  const known: Readonly<Record<number, string>> = {
    401: 'authentication_error',
    403: 'permission_error',
    404: 'not_found_error',
    413: 'request_too_large',
    429: 'rate_limit_error',
    529: 'overloaded_error',
  };
  if (status === undefined) return undefined;
  return known[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
}

function readChat(body: Record<string, unknown>): ChatAsk {
  const model = requireText(body, 'model');
  const turns = readTurns(body['messages']);
  const maxTokens = numberOf(body['max_tokens']);
  if (maxTokens === undefined || maxTokens < 1) throw new Refused('invalid_request', 'max_tokens: Field required');
  if (turns.some(({ role }) => role !== 'user' && role !== 'assistant')) {
    throw new Refused('invalid_request', 'messages: Unexpected role. Allowed roles are "user" or "assistant"');
  }
  if (turns.at(-1)?.role === 'assistant') throw new Refused('invalid_request', 'This model does not support assistant message prefill.');
  if ('temperature' in body) throw new Refused('invalid_request', 'temperature: not supported by this model');
  const system = textOf(body['system']) ?? '';
  return {
    model,
    stream: body['stream'] === true,
    prompt: turns.findLast(({ role }) => role === 'user')?.text ?? '',
    read: [system, ...turns.map(({ text }) => text)],
    seed: undefined,
    maxTokens,
    json: (body as { output_config?: { format?: { schema?: unknown } } }).output_config?.format?.schema,
    includeUsage: true,
  };
}

function headersOf(unit: string, limit: number, left: number, { resetMs }: LimitState): Record<string, string> {
  return {
    [`anthropic-ratelimit-${unit}-limit`]: String(limit),
    [`anthropic-ratelimit-${unit}-remaining`]: String(left),
    [`anthropic-ratelimit-${unit}-reset`]: new Date(Date.now() + resetMs).toISOString(),
  };
}

function stopReasonOf({ finish }: ChatAnswer): string {
  if (finish === 'length') return 'max_tokens';
  return finish === 'stop' ? 'end_turn' : 'refusal';
}

function usageOf({ inputTokens, outputTokens }: ChatAnswer): object {
  return {
    input_tokens: inputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: outputTokens,
    service_tier: 'standard',
  };
}
