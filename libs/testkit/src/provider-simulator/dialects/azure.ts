import type { Dialect } from './dialect.ts';
import { openAiDialect } from './openai.ts';

const safe = { filtered: false, severity: 'safe' };
const filterResults = { hate: safe, self_harm: safe, sexual: safe, violence: safe };
const promptFilter = [{ prompt_index: 0, content_filter_results: filterResults }];

/**
 * Azure OpenAI: OpenAI's bodies with the verdicts of a content filter in them, its own key header, and limits that it
 * mostly does not know, told as -1. @see https://learn.microsoft.com/azure/ai-services/openai/reference
 */
export const azureDialect: Dialect = {
  ...openAiDialect,
  keyOf: (headers) => (typeof headers['api-key'] === 'string' ? headers['api-key'] : openAiDialect.keyOf(headers)),
  refuse(kind, message, status) {
    if (kind === 'unauthorized') {
      return {
        status: 401,
        body: { error: { code: '401', message: 'Access denied due to invalid subscription key or wrong API endpoint.' } },
      };
    }
    if (kind === 'not_found') return { status: 404, body: { error: { code: 'DeploymentNotFound', message } } };
    if (kind === 'rate_limited') return { status: status ?? 429, body: { error: { code: '429', message } } };
    if (kind !== 'content_filter') return openAiDialect.refuse(kind, message, status);
    return {
      status: 400,
      body: {
        error: {
          message: 'The response was filtered due to the prompt triggering the content management policy.',
          type: null,
          param: 'prompt',
          code: 'content_filter',
          status: 400,
          innererror: {
            code: 'ResponsibleAIPolicyViolation',
            content_filter_result: { ...filterResults, hate: { filtered: true, severity: 'high' } },
          },
        },
      },
    };
  },
  limitHeaders: (state) => ({
    ...(state === undefined
      ? { 'x-ratelimit-remaining-requests': '-1', 'x-ratelimit-remaining-tokens': '-1' }
      : openAiDialect.limitHeaders(state)),
    'x-ms-region': 'Simulated',
  }),
  whole(answer) {
    const body = openAiDialect.whole(answer) as { choices: object[] };
    const filtered = { ...filterResults, hate: { filtered: answer.finish === 'content_filter', severity: 'safe' } };
    return {
      ...body,
      choices: body.choices.map((choice) => ({ ...choice, content_filter_results: filtered })),
      prompt_filter_results: promptFilter,
    };
  },
  script(answer, includeUsage) {
    const script = openAiDialect.script(answer, includeUsage);
    // Its first chunk has the verdict on the prompt and no choice.
    const first = JSON.stringify({ id: '', object: '', created: 0, model: '', choices: [], prompt_filter_results: promptFilter });
    return { ...script, head: [`data: ${first}\n\n`, ...script.head] };
  },
};
