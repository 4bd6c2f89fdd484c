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
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as unknown;
  } catch (error) {
    throw new AppError(commonErrors.invalidRequest, { detail: 'The body is not valid JSON in UTF-8.', cause: error });
  }
}

function hasBody(request: Request): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(header(request, 'content-length') ?? '0') > 0;
}

async function readBytes(request: Request, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bytesMax)
      throw new AppError(commonErrors.payloadTooLarge, { detail: `The body may have at most ${String(bytesMax)} bytes.` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
