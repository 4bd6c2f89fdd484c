import { cors as connectCors } from '@connectrpc/connect';
import { contractServices, routedMethods } from '@quotemaster/contract';
import { AppError, commonErrors } from '@quotemaster/errors';
import cors from 'cors';
import express from 'express';
import type { Express, RequestHandler } from 'express';
import helmet from 'helmet';
import type { Context } from '../context.ts';
import { allErrorDefinitions } from '../error-definitions.ts';
import { apiDocument } from './api-document.ts';
import { compress } from './compress.ts';
import { connectRoutes } from './connect-routes.ts';
import { contractRoute } from './contract-route.ts';
import { docs } from './docs.ts';
import { errorIndex, errorPage } from './error-pages.ts';
import { exchangeOf } from './exchange.ts';
import { handleError } from './handle-error.ts';
import { livez, readyz } from './health.ts';
import { oauthCallback, oauthStart } from './oauth.ts';
import { openAiRoom } from './openai/openai-room.ts';
import { openExchange } from './open-exchange.ts';
import { createValidators } from './validators.ts';

/** Makes the whole outside face from the contract. Nobody writes a route by hand. */
export function createApp(context: Context, isReady: () => boolean): Express {
  const { config, logger, metrics, newId } = context;
  const { publicUrl, corsOrigins, trustedProxies } = config;
  const definitions = allErrorDefinitions();
  const document = apiDocument(publicUrl);

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  // Paths are exact: one address, one resource.
  app.enable('strict routing');
  app.enable('case sensitive routing');

  app.use(openExchange({ trustedProxies, newId, logger, metrics }));
  app.use(
    helmet({
      frameguard: { action: 'deny' },
      strictTransportSecurity: publicUrl.startsWith('https:') && { maxAge: 63_072_000, includeSubDomains: true },
      contentSecurityPolicy: { directives: contentPolicy },
    }),
  );
  app.use(compress());
  app.use(cors({ origin: [...corsOrigins], credentials: true, maxAge: 600, exposedHeaders, preflightContinue: true }));

  app.get('/livez', named('/livez', livez()));
  app.get('/readyz', named('/readyz', readyz(isReady)));
  // Until there is a page of its own, whoever opens the address in a browser finds the documentation.
  app.get(
    '/',
    named('/', (_request, response) => response.redirect(302, '/docs')),
  );
  app.use(docs(document));
  app.get('/docs/errors', named('/docs/errors', errorIndex(definitions)));
  app.get('/docs/errors/:code', errorPage(definitions));

  app.get(oauthPaths.start, oauthStart(context));
  app.get(oauthPaths.callback, oauthCallback(context));

  const validatorOf = createValidators(document);
  // A path answers for all its methods before the next is tried: /v1/quotes/generate is never the {id} of /v1/quotes/{id}.
  for (const [path, entries] of Map.groupBy(routedMethods(contractServices), ({ route }) => route.path)) {
    const route = app.route(expressPath(path));
    for (const entry of entries) route[entry.route.verb](contractRoute(entry, validatorOf(entry), context));
    route.all(methodNotAllowed(entries.map((entry) => entry.route.verb.toUpperCase())));
  }
  for (const path of [
    '/',
    '/livez',
    '/readyz',
    '/openapi.json',
    '/docs',
    '/docs/errors',
    '/docs/errors/:code',
    ...Object.values(oauthPaths),
  ])
    app.all(path, methodNotAllowed(['GET']));
  app.use('/openai/v1', openAiRoom(context, { logger }));
  app.use(connectRoutes(contractServices, context));
  app.use(() => {
    throw new AppError(commonErrors.notFound);
  });
  app.use(handleError({ publicUrl, logger }));
  return app;
}

const oauthPaths = { start: '/v1/auth/oauth/:provider/start', callback: '/v1/auth/oauth/:provider/callback' };

const exposedHeaders = [
  'Location',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'Idempotent-Replayed',
  'X-Request-Id',
  'ETag',
  'X-QM-Provider',
  'X-QM-Decision-Id',
  'X-QM-Cache',
  'X-QM-Cost-Microusd',
  ...connectCors.exposedHeaders,
];

const contentPolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  // The viewer of /docs sets styles from its script and draws its icons from data URLs.
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
  upgradeInsecureRequests: null,
};

function expressPath(path: string): string {
  return path.replace(/\{([a-z0-9_]+)\}/g, ':$1');
}

function named(route: string, handler: RequestHandler): RequestHandler {
  return (request, response, next) => {
    exchangeOf(response).route = route;
    return handler(request, response, next);
  };
}

function methodNotAllowed(verbs: readonly string[]): RequestHandler {
  const allow = [...new Set([...verbs, ...(verbs.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].sort().join(', ');
  return (request, response) => {
    response.setHeader('Allow', allow);
    if (request.method === 'OPTIONS') {
      response.status(204).end();
      return;
    }
    throw new AppError(commonErrors.methodNotAllowed);
  };
}
