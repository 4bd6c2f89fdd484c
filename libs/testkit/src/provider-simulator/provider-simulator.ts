import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAccount } from './account.ts';
import type { InvoiceLine, ServedAccount, SimulatedAccount } from './account.ts';
import { answerChat, readChat } from './chat.ts';
import { serveControl } from './control.ts';
import { Refused } from './dialects/dialect.ts';
import { answerEmbeddings, readEmbeddings } from './embeddings.ts';
import { serve } from './exchange.ts';
import { routeOf } from './route.ts';
import type { Route } from './route.ts';
import { answerTranscription, readTranscription } from './transcriptions.ts';

export type { Behaviour } from './behaviours.ts';
export type { InvoiceLine, RateLimits, SimulatedAccount, SimulatedCall } from './account.ts';

/** A server that speaks as model providers do, and misbehaves on command. */
export interface ProviderSimulator {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** For OPENAI_BASE_URL; the account `openai`. */
  readonly openaiUrl: string;
  /** For ANTHROPIC_BASE_URL; the account `anthropic`. */
  readonly anthropicUrl: string;
  /** For AZURE_OPENAI_ENDPOINT; the account `azure`. */
  readonly azureUrl: string;
  /** The base URL of a server that speaks OpenAI's wire format, an account of its own. */
  compatibleUrl(account: string): string;
  /** Made when first asked for, at most 64. */
  account(name: string): SimulatedAccount;
  /** What every account has been charged, a line a model. */
  invoice(): readonly InvoiceLine[];
  /** Makes every account healthy, forgets its calls and its charges. Calls that run go on. */
  reset(): void;
  /** Breaks all connections and ends. */
  stop(): Promise<void>;
}

export interface ProviderSimulatorOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** How long a healthy answer takes. Default 0. */
  readonly latencyMs?: number;
}

const accountsMax = 64;
const bodyMaxBytes = 33_554_432;
const models = ['gpt-6-luna', 'gpt-6-sol', 'text-embedding-3-small', 'whisper-1', 'gpt-4o-transcribe'];

/** Starts the simulator on this machine's own address. */
export async function startProviderSimulator({ port = 0, latencyMs = 0 }: ProviderSimulatorOptions = {}): Promise<ProviderSimulator> {
  const accounts = new Map<string, ServedAccount>();
  const accountOf = (name: string): ServedAccount => {
    const known = accounts.get(name);
    if (known !== undefined) return known;
    if (accounts.size >= accountsMax) throw new Error(`there are ${String(accountsMax)} accounts already`);
    const account = createAccount(name, { latencyMs });
    accounts.set(name, account);
    return account;
  };
  const invoice = (): readonly InvoiceLine[] => [...accounts.values()].flatMap((account) => account.invoice());
  const reset = (): void => {
    for (const account of accounts.values()) account.reset();
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(error instanceof Error ? error.stack : String(error));
    });
  });
  server.keepAliveTimeout = 60_000;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://simulator');
    const body = await readBody(request);
    if (body === undefined) {
      response.writeHead(413).end();
      return;
    }
    if (path.startsWith('/_control/')) {
      serveControl({ account: accountOf, invoice, reset }, { method, path: path.slice('/_control'.length), query, body }, response);
      return;
    }
    const route = routeOf(method, path, query);
    if (route === undefined) {
      response
        .writeHead(404, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: { code: '404', message: 'Resource not found' } }));
      return;
    }
    await serveRoute(request, response, route, body);
  }

  function serveRoute(request: IncomingMessage, response: ServerResponse, route: Route, body: Buffer): Promise<void> {
    const { dialect, operation, deployment } = route;
    const common = { account: accountOf(route.account), dialect, operation, requestId: `req_${randomUUID()}` };
    const json = (): Record<string, unknown> => ({ ...readJson(body), ...(deployment === undefined ? {} : { model: deployment }) });
    switch (operation) {
      case 'chat':
        return serve(request, response, { ...common, read: () => readChat(dialect, json()), answer: answerChat });
      case 'embeddings':
        return serve(request, response, { ...common, read: () => readEmbeddings(json()), answer: answerEmbeddings });
      case 'transcriptions':
        return serve(request, response, {
          ...common,
          read: () => readTranscription(body, request.headers['content-type'], deployment),
          answer: answerTranscription,
        });
      case 'models':
        return serve(request, response, {
          ...common,
          read: () => ({ model: '', stream: false, inputTokens: 0 }),
          answer: ({ send }) => {
            const data = models.map((id) => ({ id, object: 'model', created: 1_790_000_000, owned_by: 'simulator' }));
            send('application/json', JSON.stringify({ object: 'list', data }));
            return Promise.resolve();
          },
        });
    }
  }

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    url,
    openaiUrl: `${url}/openai/v1`,
    anthropicUrl: `${url}/anthropic`,
    azureUrl: `${url}/azure`,
    compatibleUrl: (account) => `${url}/compatible/${account}/v1`,
    account: accountOf,
    invoice,
    reset,
    async stop() {
      server.closeAllConnections();
      if (server.listening) await once(server.close(), 'close');
    },
  };
}

/** Undefined when it is longer than any provider takes. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyMaxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function readJson(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Refused below, as any other body that is no object.
  }
  throw new Refused('invalid_request', 'We could not parse the JSON body of your request.');
}
