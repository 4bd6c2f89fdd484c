import { AppError, commonErrors } from '@quotemaster/errors';
import type { Request } from 'express';
import { header } from './exchange.ts';

/** Checks what the headers say of the body, before a byte of it is read. @throws AppError 413 or 415 */
export function checkBodyHeaders(request: Request, bytesMax: number): void {
  const length = Number(header(request, 'content-length') ?? '0');
  if (length > bytesMax)
    throw new AppError(commonErrors.payloadTooLarge, { detail: `The body may have at most ${String(bytesMax)} bytes.` });
  if (!hasBody(request)) return;
  const [type = '', ...parameters] = (header(request, 'content-type') ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  const encoding = (header(request, 'content-encoding') ?? 'identity').toLowerCase();
  if (type !== 'application/json' || (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') || encoding !== 'identity') {
    throw new AppError(commonErrors.unsupportedMediaType);
  }
}

/**
 * Reads a JSON body of at most `bytesMax` bytes; undefined where there is none.
 * @throws AppError `common.invalid_request` for what is no JSON in UTF-8, 413 for more bytes than that.
 */
export async function readJson(request: Request, bytesMax: number): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  const bytes = await readBytes(request, bytesMax);
  if (bytes.length === 0) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    // Of two fields of one name the last counts. U+0000 can only be there escaped, and hardly ever is.
    return JSON.parse(text, text.includes('\\u0000') ? refuseNul : undefined) as unknown;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(commonErrors.invalidRequest, { detail: 'The body is not valid JSON in UTF-8.', cause: error });
  }
}

/** No text of ours holds it, and Postgres could not keep it. */
function refuseNul(_key: string, value: unknown): unknown {
  if (typeof value === 'string' && value.includes('\0'))
    throw new AppError(commonErrors.invalidRequest, { detail: 'A text of the body holds the character U+0000.' });
  return value;
}

function hasBody(request: Request): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(header(request, 'content-length') ?? '0') > 0;
}

async function readBytes(request: Request, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop must not destroy the request: its connection has an answer to bring.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bytesMax)
      throw new AppError(commonErrors.payloadTooLarge, { detail: `The body may have at most ${String(bytesMax)} bytes.` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
