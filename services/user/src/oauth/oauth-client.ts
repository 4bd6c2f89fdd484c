import { oAuthErrors } from '@quotemaster/contract/user';
import { AppError, commonErrors } from '@quotemaster/errors';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretPost,
  Configuration,
  discovery,
  fetchProtectedResource,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  tokenRevocation,
} from 'openid-client';
import type { OAuthProviderConfig } from './provider-config.ts';

/** What must be remembered between the way out and the way back. */
export interface FlowSecrets {
  readonly state: string;
  readonly verifier: string;
  /** Absent where the provider issues no id token. */
  readonly nonce: string | undefined;
}

export interface ProviderTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
}

/** Who somebody is, as a provider says. */
export interface Identity {
  readonly provider: string;
  /** The provider's own name for the person, which never changes. */
  readonly subject: string;
  readonly email?: string;
  /** The provider has seen that the address is the person's. */
  readonly isEmailVerified: boolean;
  readonly name?: string;
  readonly tokens: ProviderTokens;
}

/** Sign-ins through other providers: the authorization code flow with PKCE, as RFC 9700 asks. */
export interface OAuthClient {
  readonly providers: readonly { readonly id: string; readonly title: string }[];
  /** Where to send the browser. @throws AppError `oauth.provider_unknown`, `common.unavailable` when the provider can't be reached. */
  begin(provider: string): Promise<{ url: string; secrets: FlowSecrets }>;
  /**
   * Trades what came back for an identity. State, nonce, issuer and audience are checked; `query` is the callback's.
   * @throws AppError `oauth.refused`, `common.unavailable`
   */
  finish(provider: string, query: string, secrets: FlowSecrets): Promise<Identity>;
  /** Ends tokens at the provider (RFC 7009), where it lets itself be told. */
  revoke(provider: string, tokens: ProviderTokens): Promise<void>;
}

/** One request to a provider takes no longer. */
const timeoutSeconds = 5;
/** What a provider says of itself is asked again after this time, so that new keys and addresses are found. */
const metadataTtlMs = 3_600_000;

export function createOAuthClient(options: { providers: readonly OAuthProviderConfig[]; publicUrl: string }): OAuthClient {
  const { providers, publicUrl } = options;
  const known = new Map<string, { until: number; configuration: Promise<Configuration> }>();

  function requireProvider(id: string): OAuthProviderConfig {
    const provider = providers.find((candidate) => candidate.id === id);
    if (provider === undefined) throw new AppError(oAuthErrors.providerUnknown);
    return provider;
  }

  function configurationOf(provider: OAuthProviderConfig): Promise<Configuration> {
    const cached = known.get(provider.id);
    if (cached !== undefined && cached.until > performance.now()) return cached.configuration;
    const configuration = configure(provider).catch((error: unknown) => {
      known.delete(provider.id);
      throw new AppError(commonErrors.unavailable, { reason: `${provider.id} can't be reached`, retryAfterMs: 5_000, cause: error });
    });
    known.set(provider.id, { until: performance.now() + metadataTtlMs, configuration });
    return configuration;
  }

  /** One address a provider, and exactly this one: it is registered there. */
  const redirectUri = (id: string): string => `${publicUrl}/v1/auth/oauth/${id}/callback`;

  return {
    providers: providers.map(({ id, title }) => ({ id, title })),
    async begin(id) {
      const provider = requireProvider(id);
      const configuration = await configurationOf(provider);
      const secrets: FlowSecrets = {
        state: randomState(),
        verifier: randomPKCECodeVerifier(),
        nonce: provider.kind === 'oidc' ? randomNonce() : undefined,
      };
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri(id),
        scope: provider.scopes,
        state: secrets.state,
        code_challenge: await calculatePKCECodeChallenge(secrets.verifier),
        code_challenge_method: 'S256',
        ...(secrets.nonce === undefined ? {} : { nonce: secrets.nonce }),
      });
      return { url: url.href, secrets };
    },
    async finish(id, query, { state, verifier, nonce }) {
      const provider = requireProvider(id);
      const configuration = await configurationOf(provider);
      const callback = new URL(redirectUri(id));
      callback.search = query;
      try {
        const answer = await authorizationCodeGrant(configuration, callback, {
          expectedState: state,
          pkceCodeVerifier: verifier,
          ...(nonce === undefined ? {} : { expectedNonce: nonce, idTokenExpected: true }),
        });
        const tokens: ProviderTokens = {
          accessToken: answer.access_token,
          ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
        };
        const person =
          provider.kind === 'github'
            ? await readGithubUser(configuration, provider.apiUrl, tokens.accessToken)
            : await readOidcUser(configuration, answer.claims(), tokens.accessToken);
        return { provider: id, tokens, ...person };
      } catch (error) {
        throw error instanceof AppError ? error : refused(error);
      }
    },
    async revoke(id, { accessToken, refreshToken }) {
      const provider = providers.find((candidate) => candidate.id === id);
      if (provider === undefined) return;
      const configuration = await configurationOf(provider);
      if (configuration.serverMetadata().revocation_endpoint === undefined) return;
      for (const token of [refreshToken, accessToken]) if (token !== undefined) await tokenRevocation(configuration, token);
    },
  };
}

async function configure(provider: OAuthProviderConfig): Promise<Configuration> {
  const { clientId } = provider;
  const authentication = ClientSecretPost(provider.clientSecret.reveal());
  if (provider.kind === 'github') {
    const { webUrl } = provider;
    const server = {
      issuer: webUrl,
      authorization_endpoint: `${webUrl}/login/oauth/authorize`,
      token_endpoint: `${webUrl}/login/oauth/access_token`,
    };
    return prepared(new Configuration(server, clientId, undefined, authentication), webUrl);
  }
  const { issuer } = provider;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that it is seen; production's config refuses such an issuer
  const execute = isInsecure(issuer) ? [allowInsecureRequests] : [];
  return prepared(await discovery(new URL(issuer), clientId, undefined, authentication, { timeout: timeoutSeconds, execute }), issuer);
}

function prepared(configuration: Configuration, url: string): Configuration {
  configuration.timeout = timeoutSeconds;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that it is seen; production's config refuses such a provider
  if (isInsecure(url)) allowInsecureRequests(configuration);
  return configuration;
}

function isInsecure(url: string): boolean {
  return url.startsWith('http:');
}

type Person = Pick<Identity, 'subject' | 'isEmailVerified'> & { email?: string; name?: string };

async function readOidcUser(
  configuration: Configuration,
  claims: { readonly sub: string; readonly [name: string]: unknown } | undefined,
  accessToken: string,
): Promise<Person> {
  if (claims === undefined) throw refused(new Error('no id token came'));
  // Some providers put the address into the token, others give it on request alone.
  const facts =
    claims['email'] !== undefined || configuration.serverMetadata().userinfo_endpoint === undefined
      ? claims
      : { ...(await fetchUserInfo(configuration, accessToken, claims.sub)), sub: claims.sub };
  const { email, email_verified: isVerified, name } = facts as { email?: unknown; email_verified?: unknown; name?: unknown };
  return { subject: claims.sub, isEmailVerified: isVerified === true, ...texts({ email, name }) };
}

/** GitHub tells addresses apart from the person, and which of them are proved. */
async function readGithubUser(configuration: Configuration, apiUrl: string, accessToken: string): Promise<Person> {
  const get = async (path: string): Promise<unknown> => {
    const headers = new Headers({ accept: 'application/vnd.github+json', 'user-agent': 'quote-master-pro' });
    const response = await fetchProtectedResource(configuration, accessToken, new URL(`${apiUrl}${path}`), 'GET', undefined, headers);
    if (!response.ok) throw new Error(`${path} answered ${String(response.status)}`);
    return response.json();
  };
  const user = (await get('/user')) as { id?: unknown; name?: unknown };
  if (typeof user.id !== 'number') throw new Error('the user has no id');
  const emails = await get('/user/emails');
  const primary = (Array.isArray(emails) ? (emails as { email?: unknown; primary?: unknown; verified?: unknown }[]) : []).find(
    (entry) => entry.primary === true,
  );
  return { subject: String(user.id), isEmailVerified: primary?.verified === true, ...texts({ email: primary?.email, name: user.name }) };
}

function texts({ email, name }: { email: unknown; name: unknown }): { email?: string; name?: string } {
  return {
    ...(typeof email === 'string' && email.length <= 254 && email.includes('@') ? { email } : {}),
    ...(typeof name === 'string' && name !== '' ? { name: Array.from(name).slice(0, 120).join('') } : {}),
  };
}

function refused(cause: unknown): AppError {
  return new AppError(oAuthErrors.refused, { reason: cause instanceof Error ? cause.message : 'unverifiable', cause });
}
