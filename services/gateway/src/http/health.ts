import type { RequestHandler } from 'express';

/** Creates GET /livez: the process turns. */
export function livez(): RequestHandler {
  return (_request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.json({ status: 'ok' });
  };
}

/** Creates GET /readyz: this gateway takes calls. It says nothing of what lies behind it. */
export function readyz(isReady: () => boolean): RequestHandler {
  return (_request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    const ready = isReady();
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not_ready' });
  };
}
