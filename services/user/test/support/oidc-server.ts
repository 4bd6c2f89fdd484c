import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** Who signs in at the provider, as a test wants it. */
export interface Person {
  readonly sub: string;
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly name?: string;
}

/** panva's OpenID provider on this machine, with one client and people who consent to everything at once. */
export interface OidcServer {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Whose browser it is from now on; "nobody" declines. */
  become(person: Person | 'nobody'): void;
  /** Follows an authorization URL as a browser does, to the redirect back; gives that URL. */
  visit(url: string): Promise<URL>;
  /** Tells whether a token still works, as the provider knows it. */
  revoked: string[];
  stop(): Promise<void>;
}

const client = { id: 'quotemaster', secret: 'a-client-secret-of-thirty-two-bytes!' } as const;

function signingKey(): object {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' };
}

/** @param redirectUri the one address that the client has registered. */
export async function startOidcServer(redirectUri: string): Promise<OidcServer> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const people = new Map<string, Person>();
  let current: Person | 'nobody' = 'nobody';
  const revoked: string[] = [];

  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false }, revocation: { enabled: true, allowedPolicy: () => true } },
    findAccount: (_context, sub) => {
      const { email, emailVerified = false, name } = people.get(sub) ?? { sub };
      return {
        accountId: sub,
        claims: () => ({
          sub,
          ...(email === undefined ? {} : { email, email_verified: emailVerified }),
          ...(name === undefined ? {} : { name }),
        }),
      };
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ['test'] },
    jwks: { keys: [signingKey()] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, RefreshToken: 600, Session: 600 },
    rotateRefreshToken: false,
    issueRefreshToken: () => true,
  });
  provider.on('access_token.destroyed', () => revoked.push('access_token'));
  provider.on('refresh_token.destroyed', () => revoked.push('refresh_token'));
  provider.on('grant.revoked', () => revoked.push('grant'));
  const callback = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) {
      void callback(request, response);
      return;
    }
    interact().catch((error: unknown) => response.writeHead(500).end(String(error)));

    /** Signs the current person in and consents to whatever is asked. */
    async function interact(): Promise<void> {
      const details = await provider.interactionDetails(request, response);
      if (current === 'nobody') {
        await provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'no' });
        return;
      }
      people.set(current.sub, current);
      if (details.prompt.name === 'login') {
        await provider.interactionFinished(request, response, { login: { accountId: current.sub } });
        return;
      }
      const grant = new provider.Grant({ accountId: current.sub, clientId: client.id });
      grant.addOIDCScope(String(details.params['scope']));
      await provider.interactionFinished(
        request,
        response,
        { consent: { grantId: await grant.save() } },
        { mergeWithLastSubmission: true },
      );
    }
  });

  return {
    issuer,
    clientId: client.id,
    clientSecret: client.secret,
    revoked,
    become: (person) => {
      current = person;
    },
    async visit(url) {
      const cookies = new Map<string, string>();
      let next = new URL(url);
      for (let step = 0; step < 12; step += 1) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const response = await fetch(next, { redirect: 'manual', headers: { cookie } });
        for (const line of response.headers.getSetCookie()) {
          const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split(/=(.*)/s);
          cookies.set(name, value);
        }
        const location = response.headers.get('location');
        if (location === null)
          throw new Error(`the provider answered ${String(response.status)}: ${(await response.text()).slice(0, 500)}`);
        next = new URL(location, next);
        if (next.href.startsWith(redirectUri)) return next;
      }
      throw new Error('the provider leads round in circles');
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
