/** The access token of a session, or an API key. */
export type Credentials = { readonly accessToken: string } | { readonly apiKey: string };

/** Tells who calls, each time anew: tokens live for minutes. Undefined where nobody is signed in. */
export type GiveCredentials = () => Credentials | undefined | Promise<Credentials | undefined>;

/** Puts credentials into the headers of a call, unless its caller did. */
export async function addCredentials(headers: Headers, give: GiveCredentials | undefined): Promise<void> {
  if (give === undefined || headers.has('Authorization') || headers.has('X-API-Key')) return;
  const credentials = await give();
  if (credentials === undefined) return;
  if ('apiKey' in credentials) headers.set('X-API-Key', credentials.apiKey);
  else headers.set('Authorization', `Bearer ${credentials.accessToken}`);
}
