import { createHash } from 'node:crypto';
import type { Response } from 'express';

/**
 * Sends an answer in JSON; with a tag, whoever has the same already (If-None-Match) gets 304 and no body.
 *
 * The tag is a weak one: the same answer may travel compressed or not.
 */
export function sendJson(response: Response, text: string, { hasTag }: { hasTag: boolean }): void {
  if (hasTag) response.setHeader('ETag', `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`);
  // Express compares the tag with If-None-Match and leaves the body out.
  response.type('application/json').send(text);
}
