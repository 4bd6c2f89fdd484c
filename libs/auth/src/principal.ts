export const roles = ['user', 'moderator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** The person for whom a call is made. */
export interface Principal {
  readonly userId: string;
  readonly role: Role;
  readonly scopes: readonly string[];
  /** The session behind the access token; absent for API keys and jobs. */
  readonly sessionId?: string;
  /** The API key; absent for sessions and jobs. */
  readonly apiKeyId?: string;
}

/**
 * For whom a call between services is made: a person, background work of the caller's own, or nobody yet (`none`:
 * public calls that the gateway introduces, such as a login).
 */
export type Actor = { readonly kind: 'principal'; readonly principal: Principal } | { readonly kind: 'job' } | { readonly kind: 'none' };

/** Tells whether a word is one of the roles. */
export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value);
}
