import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What GitHub says of somebody. */
export interface GithubPerson {
  readonly id: number;
  readonly name: string | null;
  readonly emails: readonly { readonly email: string; readonly primary: boolean; readonly verified: boolean }[];
}

/** The four addresses of GitHub that a sign-in meets, as its documentation has them. */
export interface GithubServer {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  become(person: GithubPerson): void;
  visit(url: string): Promise<URL>;
  stop(): Promise<void>;
}

export async function startGithubServer(): Promise<GithubServer> {
  const [clientId, clientSecret] = ['github-client', 'github-secret'];
  const codes = new Map<string, { challenge: string; redirectUri: string }>();
  const tokens = new Set<string>();
  let current: GithubPerson = { id: 1, name: null, emails: [] };

  const server = createServer((request, response) => {
    const json = (status: number, body: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const url = new URL(request.url ?? '/', 'http://github');
    const bearer = request.headers.authorization?.replace(/^(Bearer|token) /i, '') ?? '';
    switch (url.pathname) {
      case '/login/oauth/authorize': {
        const code = randomUUID();
        const redirectUri = url.searchParams.get('redirect_uri') ?? '';
        codes.set(code, { challenge: url.searchParams.get('code_challenge') ?? '', redirectUri });
        const back = new URL(redirectUri);
        back.searchParams.set('code', code);
        back.searchParams.set('state', url.searchParams.get('state') ?? '');
        response.writeHead(302, { location: back.href }).end();
        return;
      }
      case '/login/oauth/access_token':
        void readForm(request).then((form) => {
          const code = codes.get(form.get('code') ?? '');
          codes.delete(form.get('code') ?? '');
          const challenge = createHash('sha256')
            .update(form.get('code_verifier') ?? '')
            .digest('base64url');
          const isRight =
            code?.challenge === challenge &&
            code.redirectUri === form.get('redirect_uri') &&
            form.get('client_secret') === clientSecret &&
            form.get('client_id') === clientId;
          // As GitHub does: an error is a 200.
          if (!isRight) {
            json(200, { error: 'bad_verification_code' });
            return;
          }
          const token = `gho_${randomUUID()}`;
          tokens.add(token);
          json(200, { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' });
        });
        return;
      case '/user':
        if (tokens.has(bearer)) json(200, { id: current.id, login: 'someone', name: current.name, email: 'public@example.com' });
        else json(401, {});
        return;
      case '/user/emails':
        if (tokens.has(bearer)) json(200, current.emails);
        else json(401, {});
        return;
      default:
        json(404, {});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    clientId,
    clientSecret,
    become: (person) => {
      current = person;
    },
    async visit(url) {
      const location = (await fetch(url, { redirect: 'manual' })).headers.get('location');
      if (location === null) throw new Error('no redirect');
      return new URL(location);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return new URLSearchParams(Buffer.concat(pieces).toString('utf8'));
}
