import { join } from 'node:path';

export { readQuoteConfig } from './config.ts';
export type { QuoteConfig } from './config.ts';
export { buildQuote } from './server.ts';
export type { QuoteProgram } from './server.ts';
export type { QuoteDeps } from './context.ts';

/** What migrate() of libs/postgres needs of this service. */
export const quoteMigrations = { service: 'quote', schema: 'quote', folder: join(import.meta.dirname, 'store/migrations') } as const;
