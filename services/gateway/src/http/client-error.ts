import type { Duplex } from 'node:stream';
import { commonErrors } from '@quotemaster/errors';
import type { Problem } from './problem.ts';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};
const statuses: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers what Node's parser refused before there was a request: a problem as everywhere, written by hand, and the end of the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex, options: { publicUrl: string; newId: () => string }): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { publicUrl, newId } = options;
  const { code, title } = commonErrors.invalidRequest;
  const status = statuses[error.code ?? ''] ?? 400;
  const requestId = newId();
  const problem: Problem = {
    type: `${publicUrl}/docs/errors/${code}`,
    title,
    status,
    detail: `${titles[status] ?? title}.`,
    instance: '/',
    code,
    requestId,
  };
  const body = JSON.stringify(problem);
  const headers = [
    `HTTP/1.1 ${String(status)} ${titles[status] ?? title}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    'Cache-Control: no-store',
    `X-Request-Id: ${requestId}`,
    'X-Content-Type-Options: nosniff',
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
    ...(publicUrl.startsWith('https:') ? ['Strict-Transport-Security: max-age=63072000; includeSubDomains'] : []),
    'Connection: close',
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}
