/** What a password must be: long enough to guess badly, short enough to hash, and not its owner's name. */
export const passwordCharactersMin = 15;
/** Enough once a second factor is on (NIST SP 800-63B-4, 3.1.1.2). */
export const passwordCharactersMinWithFactor = 8;
export const passwordCharactersMax = 128;

/** Shorter parts of a name ("ann", "de") turn up in honest passwords. */
const namePartCharactersMin = 4;

export interface PasswordOwner {
  readonly email: string;
  readonly username?: string | undefined;
  readonly fullName?: string | undefined;
}

export type PasswordFault = 'too_short' | 'too_short_with_factor' | 'too_long' | 'holds_name';

/** Gives the form in which a password is counted and hashed, so that one typed on another keyboard is still the same (NIST SP 800-63B-4, 3.1.1.2). */
export function normalisePassword(password: string): string {
  return password.normalize('NFC');
}

/**
 * Tells what is wrong with a new password, or undefined when it will do.
 *
 * Characters are Unicode code points after NFC. Names are compared without regard to case: the part of the address before
 * the @, the user name and the full name, whole and in their parts of at least four characters.
 */
export function findPasswordFault(
  password: string,
  owner: PasswordOwner,
  { hasSecondFactor = false }: { hasSecondFactor?: boolean } = {},
): PasswordFault | undefined {
  const normal = normalisePassword(password);
  const characters = Array.from(normal).length;
  if (hasSecondFactor && characters < passwordCharactersMinWithFactor) return 'too_short_with_factor';
  if (!hasSecondFactor && characters < passwordCharactersMin) return 'too_short';
  if (characters > passwordCharactersMax) return 'too_long';
  const folded = fold(normal);
  return nameParts(owner).some((part) => folded.includes(part)) ? 'holds_name' : undefined;
}

/** Tells whether a password is long enough to stand alone. */
export function isLongPassword(password: string): boolean {
  return Array.from(normalisePassword(password)).length >= passwordCharactersMin;
}

function nameParts(owner: PasswordOwner): string[] {
  const localPart = owner.email.slice(0, Math.max(owner.email.lastIndexOf('@'), 0));
  return [localPart, owner.username ?? '', owner.fullName ?? '']
    .map(fold)
    .flatMap((name) => [name, ...name.split(/[^\p{L}\p{M}\p{N}]+/u)])
    .filter((part) => Array.from(part).length >= namePartCharactersMin);
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC');
}
