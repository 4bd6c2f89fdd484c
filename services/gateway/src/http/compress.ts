import compression from 'compression';
import type { RequestHandler } from 'express';

const bytesMin = 1_024;

/**
 * Creates the compression of answers: br or gzip for texts over 1 KiB.
 *
 * Not what bears secrets (no-store): how well a secret compresses beside what a caller wrote tells of the secret (BREACH). Not event
 * streams, which say no-transform.
 */
export function compress(): RequestHandler {
  return compression({
    threshold: bytesMin,
    filter: (request, response) =>
      !/no-store/.test(String(response.getHeader('Cache-Control') ?? '')) && compression.filter(request, response),
  });
}
