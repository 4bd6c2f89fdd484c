/** What an account may be. Rights of each role stand with the RPCs of the contract. */
export const roles = ['user', 'moderator', 'admin'] as const;

export type Role = (typeof roles)[number];

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}
