/** Gives the one form an address is stored and compared in: NFC, lower-cased, without surrounding space. */
export function normaliseEmail(email: string): string {
  return email.normalize('NFC').trim().toLowerCase();
}
