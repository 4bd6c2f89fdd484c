import type { Role } from './roles.ts';

/** An account, without its password. */
export interface UserAccount {
  /** UUIDv7. */
  readonly id: string;
  /** As `normaliseEmail` gives it. */
  readonly email: string;
  readonly username: string | null;
  readonly fullName: string | null;
  readonly role: Role;
  readonly isActive: boolean;
  readonly isVerified: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
