import type { ConfigReader, Secret } from '@quotemaster/config';

/** A provider one can sign in with. */
export type OAuthProviderConfig = {
  /** Its name in paths, "google". */
  readonly id: string;
  /** Its name for people. */
  readonly title: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly scopes: string;
} & (
  | { readonly kind: 'oidc'; readonly issuer: string }
  /** GitHub speaks OAuth 2.0 and no OpenID Connect. `webUrl` and `apiUrl` differ for a server of one's own. */
  | { readonly kind: 'github'; readonly webUrl: string; readonly apiUrl: string }
);

const idPattern = /^[a-z][a-z0-9-]{0,39}$/;
const providersMax = 10;
const knownIssuers: Readonly<Record<string, string>> = { google: 'https://accounts.google.com' };
const titles: Readonly<Record<string, string>> = { google: 'Google', github: 'GitHub' };

/**
 * Reads QM_OAUTH_PROVIDERS, a list of names, and for each NAME: QM_OAUTH_NAME_CLIENT_ID, _CLIENT_SECRET, _ISSUER (google's is known),
 * and where they differ _TITLE and _SCOPES. github takes _WEB_URL and _API_URL for a server of one's own. Production takes https alone.
 */
export function readOAuthProviders(reader: ConfigReader, stage: string): readonly OAuthProviderConfig[] {
  const ids = reader.list('QM_OAUTH_PROVIDERS');
  if (ids.length > providersMax || new Set(ids).size < ids.length || ids.some((id) => !idPattern.test(id))) {
    reader.fault({
      variable: 'QM_OAUTH_PROVIDERS',
      expected: `at most ${String(providersMax)} different names in small letters, separated by commas`,
      found: JSON.stringify(ids.join(',')),
    });
    return [];
  }
  return ids.map((id) => readProvider(reader, id, stage === 'production' ? ['https'] : ['https', 'http']));
}

function readProvider(reader: ConfigReader, id: string, schemes: readonly string[]): OAuthProviderConfig {
  const variable = (name: string): string => `QM_OAUTH_${id.toUpperCase().replaceAll('-', '_')}_${name}`;
  const common = {
    id,
    title: reader.string(variable('TITLE'), titles[id] ?? id),
    clientId: reader.string(variable('CLIENT_ID')),
    clientSecret: reader.secret(variable('CLIENT_SECRET')),
  };
  if (id === 'github') {
    return {
      ...common,
      kind: 'github',
      scopes: reader.string(variable('SCOPES'), 'read:user user:email'),
      webUrl: withoutSlash(reader.url(variable('WEB_URL'), schemes, 'https://github.com')),
      apiUrl: withoutSlash(reader.url(variable('API_URL'), schemes, 'https://api.github.com')),
    };
  }
  return {
    ...common,
    kind: 'oidc',
    scopes: reader.string(variable('SCOPES'), 'openid email profile'),
    issuer: reader.url(variable('ISSUER'), schemes, knownIssuers[id]),
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
