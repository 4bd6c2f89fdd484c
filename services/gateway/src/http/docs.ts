import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { OpenApiDocument } from '@quotemaster/contract';
import express, { Router } from 'express';
import { exchangeOf } from './exchange.ts';

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Quote Master Pro API</title><link rel="stylesheet" href="/docs/viewer/swagger-ui.css"></head><body><div id="swagger-ui"></div><script src="/docs/viewer/swagger-ui-bundle.js"></script><script src="/docs/assets/docs.js"></script></body></html>`;

/** Creates GET /openapi.json, and /docs with a viewer whose every file is served from here. */
export function docs(document: OpenApiDocument): Router {
  const router = Router();
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
  const files = { index: false, fallthrough: true, maxAge: '1d' } as const;
  router.use('/docs/viewer', express.static(viewer, files));
  router.use('/docs/assets', express.static(join(import.meta.dirname, 'assets'), files));
  return router;
}
