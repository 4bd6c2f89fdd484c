import { scopes } from '@quotemaster/contract';

/** Every scope there is. An API key holds the ones it was given. */
export const allScopes = scopes;

/** The scopes of a signed-in session. `ai:invoke` has budgets of its own and is for API keys. */
export const sessionScopes: readonly string[] = scopes.filter((scope) => scope !== 'ai:invoke');
