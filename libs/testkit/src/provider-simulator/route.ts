import type { Operation } from './account.ts';
import { anthropicDialect } from './dialects/anthropic.ts';
import { azureDialect } from './dialects/azure.ts';
import type { Dialect } from './dialects/dialect.ts';
import { openAiDialect } from './dialects/openai.ts';

/** Where a path leads. */
export interface Route {
  readonly account: string;
  readonly dialect: Dialect;
  readonly operation: Operation;
  /** Azure's older paths name the model. */
  readonly deployment?: string;
}

const operations: Readonly<Record<string, Operation>> = {
  'POST chat/completions': 'chat',
  'POST embeddings': 'embeddings',
  'POST audio/transcriptions': 'transcriptions',
  'GET models': 'models',
};

/**
 * Finds the route of a request; undefined where the provider would have nothing.
 *
 * OpenAI: /openai/v1/… and /v1/…; Azure: /azure/openai/deployments/{deployment}/… with api-version, and /azure/openai/v1/…;
 * Anthropic: /anthropic/v1/messages; others: /compatible/{account}/v1/…
 */
export function routeOf(method: string, path: string, query: URLSearchParams): Route | undefined {
  const openAi = /^(?:\/openai)?\/v1\/(.+)$/.exec(path);
  if (openAi !== null) return toRoute('openai', openAiDialect, method, openAi[1]);
  const compatible = /^\/compatible\/([a-z0-9-]{1,32})\/v1\/(.+)$/.exec(path);
  if (compatible !== null) return toRoute(compatible[1] ?? '', openAiDialect, method, compatible[2]);
  const azure = /^\/azure\/openai\/(?:deployments\/([^/]{1,64})|v1)\/(.+)$/.exec(path);
  if (azure !== null) {
    const [, deployment, rest] = azure;
    if (deployment === undefined) return toRoute('azure', azureDialect, method, rest);
    const route = query.has('api-version') ? toRoute('azure', azureDialect, method, rest) : undefined;
    return route === undefined ? undefined : { ...route, deployment: decodeURIComponent(deployment) };
  }
  if (method === 'POST' && path === '/anthropic/v1/messages') return { account: 'anthropic', dialect: anthropicDialect, operation: 'chat' };
  return undefined;
}

function toRoute(account: string, dialect: Dialect, method: string, rest: string | undefined): Route | undefined {
  const operation = operations[`${method} ${rest ?? ''}`];
  return operation === undefined ? undefined : { account, dialect, operation };
}
