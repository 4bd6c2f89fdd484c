import { pipeline } from 'node:stream/promises';
import type { TranscribeResponse } from '@quotemaster/contract/ai';
import { AppError, commonErrors } from '@quotemaster/errors';
import { Busboy } from '@fastify/busboy';
import type { Request, Response } from 'express';
import { exchangeOf, header } from '../exchange.ts';
import { readTranscription } from './openai-request.ts';

/** A recording as it was sent. */
export interface Upload {
  readonly request: { readonly model: string; readonly audio: Uint8Array; readonly contentType: string; readonly language: string };
  readonly format: 'json' | 'text' | 'verbose_json';
}

/** Reads multipart/form-data with a file and its fields. @throws AppError 413, 415, or `common.invalid_request`. */
export async function readUpload(request: Request, bytesMax: number): Promise<Upload> {
  const type = header(request, 'content-type') ?? '';
  if (!type.toLowerCase().startsWith('multipart/form-data')) {
    throw new AppError(commonErrors.unsupportedMediaType, { detail: 'The body must be multipart/form-data with the recording as `file`.' });
  }
  const { file, fields } = await readForm(request, type, bytesMax);
  if (file === undefined || file.audio.length === 0) {
    throw new AppError(commonErrors.invalidRequest, { fields: [{ field: 'file', message: 'must be a recording' }] });
  }
  const { model, language, response_format: format } = readTranscription(fields);
  return { request: { model, ...file, language: language ?? '' }, format };
}

interface Form {
  readonly file: { readonly audio: Uint8Array; readonly contentType: string } | undefined;
  readonly fields: Readonly<Record<string, string>>;
}

async function readForm(request: Request, type: string, bytesMax: number): Promise<Form> {
  const fields: Record<string, string> = {};
  const chunks: Buffer[] = [];
  const seen: { contentType?: string; tooLarge?: true } = {};
  try {
    const form = new Busboy({
      headers: { 'content-type': type },
      limits: { files: 1, fileSize: bytesMax, fields: 32, fieldSize: 65_536, parts: 40 },
    });
    form.on('field', (name, value) => {
      fields[name] = value;
    });
    form.on('file', (_name, stream, _fileName, _encoding, mimeType) => {
      seen.contentType = mimeType;
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => {
        seen.tooLarge = true;
      });
    });
    await pipeline(request.iterator({ destroyOnReturn: false }), form, { signal: exchangeSignal(request) });
  } catch (error) {
    throw new AppError(commonErrors.invalidRequest, { detail: 'The body is not valid multipart/form-data.', cause: error });
  }
  const { contentType, tooLarge = false } = seen;
  if (tooLarge) throw new AppError(commonErrors.payloadTooLarge, { detail: `The recording may have at most ${String(bytesMax)} bytes.` });
  return { file: contentType === undefined ? undefined : { audio: Buffer.concat(chunks), contentType }, fields };
}

function exchangeSignal({ res }: Request): AbortSignal {
  return exchangeOf(res as Response).signal;
}

/** Turns a transcript into OpenAI's form. */
export function toTranscription({ text, language, segments }: TranscribeResponse, format: 'json' | 'verbose_json'): object {
  if (format === 'json') return { text };
  return {
    task: 'transcribe',
    language,
    duration: segments.at(-1)?.endSeconds ?? 0,
    text,
    segments: segments.map(({ startSeconds, endSeconds, text: words }, id) => ({ id, start: startSeconds, end: endSeconds, text: words })),
  };
}
