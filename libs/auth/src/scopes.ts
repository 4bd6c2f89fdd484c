/** Every scope there is. An API key holds the ones it was given. */
export const allScopes = [
  'quotes:read',
  'quotes:write',
  'voice:read',
  'voice:write',
  'analytics:read',
  'analytics:write',
  'profile:read',
  'profile:write',
  'ai:invoke',
] as const;

/** The scopes of a signed-in session. `ai:invoke` has budgets of its own and is for API keys. */
export const sessionScopes: readonly string[] = allScopes.filter((scope) => scope !== 'ai:invoke');
