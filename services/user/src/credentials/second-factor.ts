import type { JsonObject } from '@bufbuild/protobuf';
import { authErrors, passkeyErrors } from '@quotemaster/contract/user';
import { AppError } from '@quotemaster/errors';
import type { Context } from '../context.ts';
import { factorStore } from '../store/factor-store.ts';
import type { FactorCounts, PasskeyRow } from '../store/factor-store.ts';
import { hashRecoveryCode } from './recovery-codes.ts';
import { findTotpStep } from './totp.ts';
import { challengeOf, credentialIdOf } from './webauthn.ts';

type Needs = Pick<Context, 'clock' | 'postgres' | 'vault' | 'webauthn'>;

/** What somebody shows beside a password. */
export interface FactorProof {
  readonly totpCode?: string | undefined;
  readonly recoveryCode?: string | undefined;
  readonly passkey?: JsonObject | undefined;
}

export type FactorMethod = 'totp' | 'recovery_code' | 'passkey';

/** Tells whether a second factor is on: an authenticator or a passkey. */
export function hasSecondFactor({ totp, passkeys }: FactorCounts): boolean {
  return totp || passkeys > 0;
}

/** Which kind of proof was shown; the first where there are several. */
export function methodOf(proof: FactorProof): FactorMethod | undefined {
  if (proof.totpCode !== undefined) return 'totp';
  if (proof.recoveryCode !== undefined) return 'recovery_code';
  return proof.passkey === undefined ? undefined : 'passkey';
}

/** Checks a proof and spends it: a code works once. */
export async function isFactorRight(context: Needs, userId: string, proof: FactorProof): Promise<boolean> {
  const { clock, postgres } = context;
  if (proof.totpCode !== undefined) return isTotpRight(context, userId, proof.totpCode);
  if (proof.recoveryCode !== undefined)
    return factorStore.takeRecoveryCode(postgres.db, userId, hashRecoveryCode(proof.recoveryCode), new Date(clock.now()));
  if (proof.passkey === undefined) return false;
  try {
    // The password has been right: touching the key is enough.
    const { passkey } = await usePasskey(context, proof.passkey, { requireUserVerification: false });
    return passkey.userId === userId;
  } catch (error) {
    if (error instanceof AppError && error.code === passkeyErrors.invalid.code) return false;
    throw error;
  }
}

/** Checks a code of the authenticator that is on, and spends it. */
export async function isTotpRight({ clock, postgres, vault }: Needs, userId: string, code: string): Promise<boolean> {
  const factor = await factorStore.findTotp(postgres.db, userId);
  if (factor === undefined || factor.confirmedAt === null) return false;
  const step = findTotpStep(openTotpSecret({ vault }, userId, factor.sealedSecret), code, clock.now());
  return step !== undefined && factorStore.takeStep(postgres.db, userId, step);
}

/**
 * Checks a passkey's answer to one of our challenges, and spends the challenge.
 * @throws AppError `passkey.invalid`
 */
export async function usePasskey(
  { clock, postgres, webauthn }: Needs,
  response: JsonObject,
  options: { requireUserVerification: boolean },
): Promise<{ passkey: PasskeyRow }> {
  const now = new Date(clock.now());
  const challenge = await factorStore.takeChallenge(postgres.db, challengeOf(response), 'authenticate', now);
  const passkey = await factorStore.findPasskey(postgres.db, credentialIdOf(response));
  if (challenge === undefined || passkey === undefined)
    throw new AppError(passkeyErrors.invalid, { reason: challenge === undefined ? 'no challenge of ours' : 'no passkey of ours' });
  const use = await webauthn.verifyAuthentication(response, passkey, options);
  await factorStore.usePasskey(postgres.db, passkey.id, { ...use, lastUsedAt: now });
  return { passkey };
}

export function sealTotpSecret({ vault }: Pick<Context, 'vault'>, userId: string, secret: string): Buffer {
  return vault.seal(secret, totpContext(userId));
}

export function openTotpSecret({ vault }: Pick<Context, 'vault'>, userId: string, sealed: Buffer): string {
  return vault.open(sealed, totpContext(userId)).toString('utf8');
}

/** What a seed is sealed with besides the key: it opens as nobody else's. */
export function totpContext(userId: string): string {
  return `user/totp/${userId}`;
}

/** Refuses what would leave a short password alone. */
export function mfaLeaves(counts: FactorCounts, without: 'totp' | 'passkey'): boolean {
  return without === 'totp' ? counts.passkeys > 0 : counts.totp || counts.passkeys > 1;
}

/** Makes the refusal of a sign-in that lacks its second factor, naming what would do. */
export function mfaRequired(counts: FactorCounts): AppError {
  const methods = [
    ...(counts.totp ? ['totp'] : []),
    ...(counts.passkeys > 0 ? ['passkey'] : []),
    ...(counts.recoveryCodesLeft > 0 ? ['recovery_code'] : []),
  ];
  return new AppError(authErrors.mfaRequired, { metadata: { methods: methods.join(',') } });
}
