import { numberOf, readTurns, Refused, requireText, sse, toDuration } from './dialect.ts';
import type { ChatAnswer, ChatAsk, Dialect, Refusal, RefusalKind } from './dialect.ts';

/** @see https://platform.openai.com/docs/guides/error-codes */
const errors: Readonly<Record<RefusalKind, { status: number; type: string; code: string | null }>> = {
  rate_limited: { status: 429, type: 'requests', code: 'rate_limit_exceeded' },
  unauthorized: { status: 401, type: 'invalid_request_error', code: 'invalid_api_key' },
  not_found: { status: 404, type: 'invalid_request_error', code: 'model_not_found' },
  context_too_long: { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded' },
  invalid_request: { status: 400, type: 'invalid_request_error', code: null },
  content_filter: { status: 400, type: 'invalid_request_error', code: 'content_policy_violation' },
  overloaded: { status: 503, type: 'server_error', code: null },
  server_error: { status: 500, type: 'server_error', code: null },
};

/** OpenAI's wire format, which many servers speak. @see https://platform.openai.com/docs/api-reference/chat */
export const openAiDialect: Dialect = {
  keyOf: ({ authorization }) => authorization?.replace(/^Bearer /i, ''),
  refuse,
  limitHeaders(state) {
    if (state === undefined) return {};
    const { limits, requestsLeft, tokensLeft, resetMs } = state;
    return {
      ...(limits.requestsPerMinute === undefined ? {} : headersOf('requests', limits.requestsPerMinute, requestsLeft, resetMs)),
      ...(limits.tokensPerMinute === undefined ? {} : headersOf('tokens', limits.tokensPerMinute, tokensLeft, resetMs)),
    };
  },
  readChat,
  whole(answer) {
    const { id, model, text, refusal } = answer;
    return {
      id: `chatcmpl-${id}`,
      object: 'chat.completion',
      created: now(),
      model,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: refusal === undefined ? text : null, refusal: refusal ?? null, annotations: [] },
          logprobs: null,
          finish_reason: finishOf(answer),
        },
      ],
      ...(answer.withUsage ? { usage: usageOf(answer) } : {}),
      service_tier: 'default',
      system_fingerprint: 'fp_simulator',
    };
  },
  script(answer, includeUsage) {
    const base = {
      id: `chatcmpl-${answer.id}`,
      object: 'chat.completion.chunk',
      created: now(),
      model: answer.model,
      system_fingerprint: 'fp_simulator',
    };
    const chunk = (delta: object, finish: string | null = null): string =>
      sse({ ...base, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], ...(includeUsage ? { usage: null } : {}) });
    return {
      head: [
        chunk({ role: 'assistant', content: '', refusal: null }),
        ...(answer.refusal === undefined ? [] : [chunk({ refusal: answer.refusal })]),
      ],
      piece: (text) => chunk({ content: text }),
      broken: 'data: {"id":"chatcmpl-broken","choices":[{"index":0,"del\n\n',
      error: sse({
        error: { message: 'The server had an error while processing your request.', type: 'server_error', param: null, code: null },
      }),
      tail: [
        chunk({}, finishOf(answer)),
        ...(includeUsage && answer.withUsage ? [sse({ ...base, choices: [], usage: usageOf(answer) })] : []),
      ],
      last: sse('[DONE]'),
    };
  },
};

function refuse(kind: RefusalKind, message: string, status?: number): Refusal {
  const error = errors[kind];
  return { status: status ?? error.status, body: { error: { message, type: error.type, param: null, code: error.code } } };
}

function readChat(body: Record<string, unknown>): ChatAsk {
  const model = requireText(body, 'model');
  const turns = readTurns(body['messages']);
  const { stream_options: streamOptions, response_format: format } = body as {
    stream_options?: { include_usage?: unknown };
    response_format?: { type?: unknown; json_schema?: { schema?: unknown } };
  };
  if (streamOptions !== undefined && body['stream'] !== true) {
    throw new Refused('invalid_request', "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
  }
  return {
    model,
    stream: body['stream'] === true,
    prompt: turns.findLast(({ role }) => role === 'user')?.text ?? '',
    read: turns.map(({ text }) => text),
    seed: numberOf(body['seed']),
    maxTokens: numberOf(body['max_completion_tokens']) ?? numberOf(body['max_tokens']),
    json: format?.type === 'json_schema' ? (format.json_schema?.schema ?? true) : format?.type === 'json_object' ? true : undefined,
    includeUsage: streamOptions?.include_usage === true,
  };
}

function headersOf(unit: string, limit: number, left: number, resetMs: number): Record<string, string> {
  return {
    [`x-ratelimit-limit-${unit}`]: String(limit),
    [`x-ratelimit-remaining-${unit}`]: String(left),
    [`x-ratelimit-reset-${unit}`]: toDuration(resetMs),
  };
}

function finishOf({ finish }: ChatAnswer): string {
  // A refusal has a field of its own, and ends as any answer does.
  return finish === 'refusal' ? 'stop' : finish;
}

function usageOf({ inputTokens, outputTokens }: ChatAnswer): object {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
  };
}

function now(): number {
  return Math.floor(Date.now() / 1_000);
}
