import { createHash } from 'node:crypto';
import type { OpenApiDocument } from '@quotemaster/contract';
import { Router } from 'express';
import type { RequestHandler } from 'express';
import { assetPath, assets } from './assets.ts';
import type { Asset } from './assets.ts';
import { exchangeOf } from './exchange.ts';

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Quote Master Pro API</title><link rel="stylesheet" href="${assetPath('swagger-ui.css')}"></head><body><div id="swagger-ui"></div><script src="${assetPath('swagger-ui-bundle.js')}"></script><script src="${assetPath('docs.js')}"></script></body></html>`;

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
  for (const asset of assets) router.get(asset.path, file(asset));
  return router;
}

function file({ root, name, path }: Asset): RequestHandler {
  return (_request, response) => {
    exchangeOf(response).route = path;
    // Its address changes with its content, so what was fetched once need never be asked for again.
    response.sendFile(name, { root, maxAge: '365d', immutable: true });
  };
}
