// Stands in for user and quote behind a gateway: answers at once, and always the same. Run by edge.ts and abuse.ts; ports and key files in the environment.
import { generateKeyPairSync } from 'node:crypto';
import type { DescMethodUnary, DescService } from '@bufbuild/protobuf';
import { createAccessTokenSigner, openServiceAuth, sessionScopes, toPublicJwk } from '@quotemaster/auth';
import type { SigningKeys } from '@quotemaster/auth';
import { QuoteService } from '@quotemaster/contract/quote';
import { AuthService } from '@quotemaster/contract/user';
import { AppError, commonErrors } from '@quotemaster/errors';
import { createLogger, createMetrics } from '@quotemaster/observe';
import { createRpcServer, handleRpc } from '@quotemaster/rpc';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = toPublicJwk(privateKey);
const keys: SigningKeys = { current: () => ({ key: privateKey, kid: jwk.kid }), jwks: () => [jwk] };
const signer = createAccessTokenSigner({ keys });
const now = { seconds: 1_790_000_000n, nanos: 0 };
const trait = { label: 'growth', confidence: 0.72 };
const quote = {
  id: '01995f3e-8c1a-7d2e-9b4f-3a6c1d8e5f70',
  text: 'A door left open is a promise to the road.',
  source: 'ai_generated',
  aiModel: 'offline-composer-1',
  emotionalTone: 'hopeful',
  emotions: [{ name: 'hope', score: 0.71 }],
  sentimentScore: 0.4,
  qualityScore: 0.82,
  quality: { form: 1, length: 0.95, repetition: 1, cliche: 0.9, rhythm: 0.6, clarity: 0.85 },
  psychologicalProfile: { valence: 0.35, arousal: 0.2, perspective: trait, time: trait, framing: trait },
  tags: ['courage'],
  favorite: false,
  createdAt: now,
  updatedAt: now,
};
const generation = {
  provider: 'offline',
  model: 'offline-composer-1',
  cached: 'none',
  degraded: false,
  decisionId: quote.id,
  latencyMs: 1,
};

const userIdOf = (index: number): string => `01995f3e-0000-7000-8000-${String(index).padStart(12, '0')}`;
const sessionIdOf = (index: number): string => `01995f3e-0000-7000-9000-${String(index).padStart(12, '0')}`;

await serve('user', AuthService, {
  GetJwks: () => ({ keys: [{ ...jwk, alg: 'ES256', use: 'sig' }] }),
  CheckSession: ({ sessionId }) => ({ active: true, userId: (sessionId as string).replace('-9000-', '-8000-'), role: 'user' }),
});
await serve('quote', QuoteService, { GetQuote: () => ({ quote }), GenerateQuotes: () => ({ quotes: [quote], generation }) });
// Who may call: one token a person, on one line.
const tokens = Array.from(
  { length: 64 },
  (_, index) => signer.sign({ userId: userIdOf(index), role: 'user', scopes: sessionScopes, sessionId: sessionIdOf(index) }).token,
);
process.stdout.write(`tokens ${JSON.stringify(tokens)}\n`);

/** Serves every RPC of the service: those named as they are, the others not at all. */
async function serve(
  name: 'user' | 'quote',
  service: DescService,
  answers: Readonly<Record<string, (request: Readonly<Record<string, unknown>>) => object>>,
): Promise<void> {
  const keyFile = process.env[`KEY_FILE_${name.toUpperCase()}`] ?? '';
  const { verifier } = openServiceAuth({ name, keyFile, jwksFile: process.env['JWKS_FILE'] ?? '' });
  const handlers = service.methods.map((method) => {
    const answer = answers[method.name];
    const handle = (request: unknown): Promise<object> => {
      if (answer === undefined) return Promise.reject(new AppError(commonErrors.unimplemented));
      return Promise.resolve(answer(request as Record<string, unknown>));
    };
    return handleRpc(method as DescMethodUnary, handle as never);
  });
  const server = createRpcServer({
    name,
    handlers,
    verifier,
    logger: createLogger({ service: name, level: 'error' }),
    metrics: createMetrics({ service: name }),
    port: Number(process.env[`PORT_${name.toUpperCase()}`]),
    reflection: false,
  });
  await server.start();
}
