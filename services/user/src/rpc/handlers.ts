import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { changePassword } from './change-password.ts';
import { checkSession } from './check-session.ts';
import { confirmTotp } from './confirm-totp.ts';
import { createApiKey } from './create-api-key.ts';
import { createLoginOptions } from './create-login-options.ts';
import { createPasskeyOptions } from './create-passkey-options.ts';
import { deleteMe } from './delete-me.ts';
import { enrolTotp } from './enrol-totp.ts';
import { eraseOwn } from './erase-own.ts';
import { exchangeOauthCode } from './exchange-oauth-code.ts';
import { exportMe } from './export-me.ts';
import { exportOwn } from './export-own.ts';
import { finishOauth } from './finish-oauth.ts';
import { forgotPassword } from './forgot-password.ts';
import { getApiKey } from './get-api-key.ts';
import { getJwks } from './get-jwks.ts';
import { getMe } from './get-me.ts';
import { getMfa } from './get-mfa.ts';
import { getPreferences } from './get-preferences.ts';
import { getReceipt } from './get-receipt.ts';
import { linkOauth } from './link-oauth.ts';
import { listApiKeys } from './list-api-keys.ts';
import { listAuditEntries } from './list-audit-entries.ts';
import { listOauthLinks } from './list-oauth-links.ts';
import { listOauthProviders } from './list-oauth-providers.ts';
import { listPasskeys } from './list-passkeys.ts';
import { listSessions } from './list-sessions.ts';
import { listUsers } from './list-users.ts';
import { login } from './login.ts';
import { loginWithPasskey } from './login-with-passkey.ts';
import { logout } from './logout.ts';
import { reauthenticate } from './reauthenticate.ts';
import { refresh } from './refresh.ts';
import { register } from './register.ts';
import { registerPasskey } from './register-passkey.ts';
import { removePasskey } from './remove-passkey.ts';
import { removeTotp } from './remove-totp.ts';
import { renewRecoveryCodes } from './renew-recovery-codes.ts';
import { resetPassword } from './reset-password.ts';
import { resolveApiKey } from './resolve-api-key.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { revokeSession } from './revoke-session.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { rotateApiKey } from './rotate-api-key.ts';
import { sendVerification } from './send-verification.ts';
import { startOauth } from './start-oauth.ts';
import { unlinkOauth } from './unlink-oauth.ts';
import { updateMe } from './update-me.ts';
import { updatePreferences } from './update-preferences.ts';
import { updateUser } from './update-user.ts';
import { verifyEmail } from './verify-email.ts';
import { requireRecentSignIn } from './require-recent-sign-in.ts';

/** Every RPC of this service, service by service as the contract has them. */
const rpcs: readonly ((context: Context) => RpcHandler)[] = [
  register,
  login,
  refresh,
  logout,
  verifyEmail,
  sendVerification,
  forgotPassword,
  resetPassword,
  reauthenticate,
  getJwks,
  checkSession,
  getMe,
  updateMe,
  deleteMe,
  getReceipt,
  exportMe,
  getPreferences,
  updatePreferences,
  changePassword,
  listSessions,
  revokeSession,
  revokeSessions,
  getMfa,
  enrolTotp,
  confirmTotp,
  removeTotp,
  renewRecoveryCodes,
  createPasskeyOptions,
  registerPasskey,
  listPasskeys,
  removePasskey,
  createLoginOptions,
  loginWithPasskey,
  startOauth,
  finishOauth,
  exchangeOauthCode,
  linkOauth,
  listOauthLinks,
  unlinkOauth,
  listOauthProviders,
  createApiKey,
  listApiKeys,
  getApiKey,
  revokeApiKey,
  rotateApiKey,
  resolveApiKey,
  listUsers,
  updateUser,
  listAuditEntries,
  exportOwn,
  eraseOwn,
];

/** Makes the handlers, each behind what the contract asks of the caller's session. */
export function createHandlers(context: Context): RpcHandler[] {
  return rpcs.map((create) => requireRecentSignIn(context, create(context)));
}
