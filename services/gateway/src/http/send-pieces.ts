import { once } from 'node:events';
import type { Message } from '@bufbuild/protobuf';
import type { HttpRoute } from '@quotemaster/contract';
import type { Response } from 'express';
import { exchangeOf } from './exchange.ts';

/** A google.api.HttpBody, as far as it is looked at. */
interface Piece {
  readonly contentType: string;
  readonly data: Uint8Array;
}

/**
 * Answers with the bytes of a streaming RPC as they come, at the caller's pace.
 *
 * An error before the first piece is an ordinary problem; after it the connection is cut, for half an answer must not look whole.
 */
export async function sendPieces(response: Response, stream: AsyncIterable<Message>, { responseField }: HttpRoute): Promise<void> {
  const { signal } = exchangeOf(response);
  const name = responseField?.localName ?? '';
  for await (const message of stream) {
    const piece = (message as unknown as Record<string, Piece | undefined>)[name];
    if (piece === undefined) continue;
    if (!response.headersSent) {
      response.status(200);
      response.setHeader('Content-Type', piece.contentType === '' ? 'application/octet-stream' : piece.contentType);
      response.setHeader('Cache-Control', 'no-store');
    }
    const wroteAll = response.write(piece.data);
    if (!wroteAll) await once(response, 'drain', { signal });
  }
  response.end();
}
