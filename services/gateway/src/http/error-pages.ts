import type { Request, RequestHandler, Response } from 'express';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { ErrorDefinition } from '@quotemaster/errors';
import { toHttpStatus } from '@quotemaster/errors';
import { assetPath } from './assets.ts';
import { exchangeOf } from './exchange.ts';

/** Creates GET /docs/errors: every code there is. */
export function errorIndex(definitions: ReadonlyMap<string, ErrorDefinition>): RequestHandler {
  const rows = [...definitions.values()]
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(
      (definition) =>
        `<tr><td><a href="/docs/errors/${definition.code}"><code>${definition.code}</code></a></td><td>${String(statusOf(definition))}</td><td>${escape(definition.title)}</td></tr>`,
    );
  const body = `<h1>Errors</h1><p>Every error is a problem (<a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>). Its <code>code</code> is stable; its <code>type</code> is the page below.</p><table><tr><th>Code</th><th>Status</th><th>Meaning</th></tr>${rows.join('')}</table>`;
  return (_request, response) => sendPage(response, 'Errors', body);
}

/** Creates GET /docs/errors/{code}: what a code means and what to do about it. */
export function errorPage(definitions: ReadonlyMap<string, ErrorDefinition>): RequestHandler {
  return (request: Request, response: Response) => {
    exchangeOf(response).route = '/docs/errors/{code}';
    const code = request.params['code'];
    const definition = typeof code === 'string' ? definitions.get(code) : undefined;
    if (definition === undefined) throw new AppError(commonErrors.notFound);
    const body = `<p><a href="/docs/errors">Errors</a></p><h1>${escape(definition.title)}</h1><p><code>${definition.code}</code> · HTTP ${String(statusOf(definition))}</p><p>${escape(definition.detail)}</p><h2>What to do</h2><p>${escape(definition.help)}</p><p>${definition.retryable ? 'The same call may succeed later.' : 'The same call will fail again unless something changes.'}</p>`;
    sendPage(response, definition.title, body);
  };
}

function statusOf(definition: ErrorDefinition): number {
  return definition.httpStatus ?? toHttpStatus(definition.status);
}

function sendPage(response: Response, title: string, body: string): void {
  response.setHeader('Cache-Control', 'public, max-age=300');
  response
    .type('html')
    .send(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)} · Quote Master Pro</title><link rel="stylesheet" href="${assetPath('page.css')}"></head><body><main>${body}</main></body></html>`,
    );
}

function escape(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? '');
}
