import { AppError } from '@quotemaster/errors';
import { authErrors } from '@quotemaster/contract/user';
import { findPasswordFault, isLongPassword } from '../domain/password-rules.ts';
import type { PasswordFault, PasswordOwner } from '../domain/password-rules.ts';
import type { BreachedPasswords } from './breached-passwords.ts';

const weakness: Record<PasswordFault | 'breached', string> = {
  too_short: 'Please choose a password of at least 15 characters.',
  too_short_with_factor: 'Please choose a password of at least 8 characters.',
  too_long: 'Please choose a password of at most 128 characters.',
  holds_name: 'Please choose a password that does not hold your name or address.',
  breached: 'This password is known from breaches elsewhere. Please choose another.',
};

/**
 * Checks a new password: its length (15 characters alone, 8 with a second factor), its owner's names, and the known breached ones.
 * @returns whether it is long enough to stand alone.
 * @throws AppError `user.weak_password`
 */
export function requireStrongPassword(
  password: string,
  owner: PasswordOwner,
  { breached, hasSecondFactor }: { breached: BreachedPasswords; hasSecondFactor: boolean },
): { isLong: boolean } {
  const fault = findPasswordFault(password, owner, { hasSecondFactor }) ?? (breached.has(password) ? 'breached' : undefined);
  if (fault === undefined) return { isLong: isLongPassword(password) };
  throw new AppError(authErrors.weakPassword, {
    detail: weakness[fault],
    reason: fault,
    fields: [{ field: 'password', message: weakness[fault] }],
  });
}
