import type { ServerResponse } from 'node:http';
import type { Behaviour } from './behaviours.ts';
import type { InvoiceLine, RateLimits, ServedAccount } from './account.ts';

/** What other processes may do with the simulator. */
export interface Controlled {
  account(name: string): ServedAccount;
  invoice(): readonly InvoiceLine[];
  reset(): void;
}

/**
 * Serves the simulator's own API: PUT accounts/{name}/behaviour (a JSON array; `?once=true` for the next calls alone) and
 * accounts/{name}/limits, GET accounts/{name}/calls, GET invoice, POST reset.
 */
export function serveControl(
  simulator: Controlled,
  request: { method: string; path: string; query: URLSearchParams; body: Buffer },
  response: ServerResponse,
): void {
  const { method, path, query, body } = request;
  const send = (status: number, value?: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(value === undefined ? undefined : JSON.stringify(value));
  };
  const [, name, part] = /^\/accounts\/([a-z0-9-]{1,32})\/(behaviour|limits|calls)$/.exec(path) ?? [];
  try {
    if (method === 'GET' && path === '/invoice') send(200, simulator.invoice());
    else if (method === 'POST' && path === '/reset') {
      simulator.reset();
      send(204);
    } else if (name === undefined)
      send(404, { error: 'there is accounts/{name}/behaviour, accounts/{name}/limits, accounts/{name}/calls, invoice and reset' });
    else if (method === 'GET' && part === 'calls') send(200, simulator.account(name).calls);
    else if (method === 'PUT' && part === 'behaviour') {
      const behaviours: unknown = JSON.parse(body.toString('utf8'));
      if (!Array.isArray(behaviours)) throw new Error('an array of behaviours is expected');
      const account = simulator.account(name);
      if (query.get('once') === 'true') account.behaveOnce(...(behaviours as Behaviour[]));
      else account.behave(...(behaviours as Behaviour[]));
      send(204);
    } else if (method === 'PUT' && part === 'limits') {
      simulator.account(name).limit(parseLimits(JSON.parse(body.toString('utf8'))));
      send(204);
    } else send(405, { error: `${method} is not what ${path} takes` });
  } catch (error) {
    send(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function parseLimits(value: unknown): RateLimits {
  const limits = Object.entries(typeof value === 'object' ? (value ?? {}) : {});
  for (const [name, limit] of limits) {
    if (!['requestsPerMinute', 'tokensPerMinute'].includes(name) || typeof limit !== 'number' || limit < 0) {
      throw new Error('requestsPerMinute and tokensPerMinute are expected, each a number');
    }
  }
  return Object.fromEntries(limits);
}
