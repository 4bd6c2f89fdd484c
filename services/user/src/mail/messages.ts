/** What is told by mail. The words are plain text: nothing in them is anybody's markup. */
export type MailContent =
  | { readonly kind: 'verify_email'; readonly token: string }
  | { readonly kind: 'reset_password'; readonly token: string }
  /** Something about how one signs in has changed; whoever didn't do it should know. */
  | { readonly kind: 'notice'; readonly what: keyof typeof notices };

const notices = {
  password_changed: 'The password of your account was changed. Every other session has been signed out.',
  totp_added: 'An authenticator was added to your account. Signing in asks for its code from now on.',
  totp_removed: 'The authenticator was removed from your account.',
  passkey_added: 'A passkey was added to your account.',
  passkey_removed: 'A passkey was removed from your account.',
  recovery_codes_renewed: 'New recovery codes were made for your account. The old ones no longer work.',
  recovery_code_used: 'A recovery code was used to sign in to your account. It does not work a second time.',
  oauth_linked: 'Your account was linked to an account of another provider, which can sign in to it from now on.',
  oauth_unlinked: 'A link to an account of another provider was removed from your account.',
  api_key_created: 'An API key was made for your account.',
  refresh_reused: 'A session of your account was ended because its refresh token was used twice. If you were signed out, sign in again.',
  account_deleted: 'Your account is being deleted, with everything that is kept about you. You can not sign in to it any more.',
} as const;

/** Writes the subject and text of a mail. */
export function toMessage(content: MailContent, publicUrl: string): { readonly subject: string; readonly text: string } {
  switch (content.kind) {
    case 'verify_email':
      return {
        subject: 'Please confirm your address',
        text: lines(
          'Welcome to Quote Master Pro.',
          `To confirm that this address is yours, open this page within 24 hours:\n${publicUrl}/verify-email#token=${content.token}`,
          'If you did not register, you need not do anything.',
        ),
      };
    case 'reset_password':
      return {
        subject: 'A new password for Quote Master Pro',
        text: lines(
          'Somebody, you we hope, wants to set a new password for your account.',
          `To set it, open this page within 30 minutes:\n${publicUrl}/reset-password#token=${content.token}`,
          'If it was not you, you need not do anything: nobody but the reader of this mail can set one.',
        ),
      };
    case 'notice':
      return {
        subject: 'About your account at Quote Master Pro',
        text: lines(notices[content.what], `If it was not you, set a new password at once:\n${publicUrl}/forgot-password`),
      };
  }
}

function lines(...paragraphs: string[]): string {
  return `${paragraphs.join('\n\n')}\n`;
}
