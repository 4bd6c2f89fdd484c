import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { OpenApiDocument } from '@quotemaster/contract';
import { Router } from 'express';
import type { RequestHandler } from 'express';
import { exchangeOf } from './exchange.ts';

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Quote Master Pro API</title><link rel="stylesheet" href="/docs/viewer/swagger-ui.css"></head><body><div id="swagger-ui"></div><script src="/docs/viewer/swagger-ui-bundle.js"></script><script src="/docs/assets/docs.js"></script></body></html>`;

/** Creates GET /openapi.json, and /docs with a viewer whose every file is served from here. */
export function docs(document: OpenApiDocument): Router {
  const router = Router({ strict: true, caseSensitive: true });
  const text = JSON.stringify(document);
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;

  router.get('/openapi.json', (_request, response) => {
    exchangeOf(response).route = '/openapi.json';
    // Express answers If-None-Match from the tag.
    response.setHeader('ETag', etag);
    response.setHeader('Cache-Control', 'no-cache');
    response.type('application/json').send(text);
  });
  router.get('/docs', (_request, response) => {
    exchangeOf(response).route = '/docs';
    response.setHeader('Cache-Control', 'no-cache');
    response.type('html').send(page);
  });
  const viewer = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  // The package holds more than we want to show: another page, source maps.
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) router.get(`/docs/viewer/${name}`, file(viewer, name));
  for (const name of ['docs.js', 'page.css']) router.get(`/docs/assets/${name}`, file(join(import.meta.dirname, 'assets'), name));
  return router;
}

function file(root: string, name: string): RequestHandler {
  return (request, response) => {
    exchangeOf(response).route = request.path;
    response.sendFile(name, { root, maxAge: '1d' });
  };
}
