import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Message } from '@bufbuild/protobuf';
import { AppError, commonErrors } from '@quotemaster/errors';
import { decode } from '../codec.ts';
import { requireValid } from '../validation.ts';
import type { Exchange } from './exchange.ts';
import type { Route } from './route.ts';

/**
 * Node's HTTP/2 client ends a stream before it resets it: a caller that hangs up looks for a moment like one that has sent
 * all. After the end of a stream of requests the reset is waited for, so that half an upload does not pass for a whole
 * one. On a slow road the reset can still come later: a stream whose wholeness matters says in its messages how long it is.
 */
const hangUpNoticeMs = 10;

/** Reads and checks one request. @throws AppError `common.invalid_request` */
export function readMessage(route: Route, bytes: Buffer): Message {
  const { input } = route.method;
  const message = decodeOrRefuse(route, bytes);
  requireValid(input, message);
  return message;
}

/** Reads and checks a stream of requests. It throws when the call ends before the stream does. */
export async function* readMessages(exchange: Exchange, route: Route, stream: Pick<Readable, 'iterator'>): AsyncIterable<Message> {
  // The stream is left open when the handler stops reading: a bidirectional one still carries the answers.
  for await (const bytes of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) yield readMessage(route, bytes);
  await pause(hangUpNoticeMs);
  exchange.requireOpen();
}

function decodeOrRefuse(route: Route, bytes: Buffer): Message {
  try {
    return decode(route.method.input, bytes);
  } catch (error) {
    throw new AppError(commonErrors.invalidRequest, { reason: `the bytes are no ${route.method.input.typeName}`, cause: error });
  }
}
