// Measures signing in and the check of credentials at the edge: `make bench` runs it after main.ts. Writes its part of docs/performance.md; takes about a minute.
//
//   node deploy/bench/identity.ts [--seconds 20] [--rate 20] [--dry]
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAccessTokenSigner, createAccessTokenVerifier, createApiKey, sessionScopes, toPublicJwk } from '@quotemaster/auth';
import { systemClock } from '@quotemaster/lifecycle';
import { createAuthenticate } from '../../services/gateway/src/http/authenticate.ts';
import { createApiKeyChecks } from '../../services/gateway/src/sessions/api-key-checks.ts';
import { createSessionChecks } from '../../services/gateway/src/sessions/session-checks.ts';
import { percentile } from './load.ts';
import { readProcessFigures } from './process-figures.ts';
import { withSection } from './report.ts';
import { startLoginTargets } from './targets.ts';
import type { Target } from './targets.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    rate: { type: 'string', default: '20' },
    dry: { type: 'boolean', default: false },
  },
});
const [seconds, perSecond] = [Number(values.seconds), Number(values.rate)];
const marks = { begin: '<!-- bench identity -->', end: '<!-- /bench identity -->' };

const { targets, stop } = await startLoginTargets();
try {
  const logins: string[] = [];
  for (const target of targets) {
    // The first seconds are the compiler's.
    await load(target, 5);
    logins.push(await load(target, seconds));
  }
  const text = [
    `${new Date().toISOString().slice(0, 10)}, ${String(cpus().length)} cores, ${String(Math.round(totalmem() / 2 ** 30))} GiB, Node ${process.versions.node}; ${String(perSecond)} sign-ins a second for ${String(seconds)} s, whether or not the ones before have been answered.`,
    '',
    '| POST /v1/auth/login | sign-ins | failed | p50 | p95 | p99 | CPU ms a sign-in |',
    '|---|---|---|---|---|---|---|',
    ...logins,
    '',
    '| check of credentials at the edge, CPU of one core | µs |',
    '|---|---|',
    ...(await edgeChecks()).map(([what, us]) => `| ${what} | ${us.toFixed(1)} |`),
    '',
  ].join('\n');
  const path = join(import.meta.dirname, '../../docs/performance.md');
  if (!values.dry) writeFileSync(path, withSection(readFileSync(path, 'utf8'), marks, text));
  console.log(text);
} finally {
  await stop();
}

/** Begins a call at each of its times, as people do who know nothing of one another. */
async function load(target: Target, forSeconds: number): Promise<string> {
  const before = readProcessFigures(Object.values(target.pids));
  const latencies: number[] = [];
  const running: Promise<void>[] = [];
  let failures = 0;
  const startedAt = performance.now();
  for (let call = 0; call < forSeconds * perSecond; call += 1) {
    const due = startedAt + (call * 1_000) / perSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    running.push(
      target.call(call).then(
        // From when it was due: a sender who falls behind must not make the answer look quicker.
        () => void latencies.push(performance.now() - due),
        (error: unknown) => {
          failures += 1;
          if (failures === 1) console.error(error);
        },
      ),
    );
  }
  await Promise.all(running);
  const after = readProcessFigures(Object.values(target.pids));
  const sorted = latencies.toSorted((a, b) => a - b);
  const ms = (share: number): string => `${percentile(sorted, share).toFixed(1)} ms`;
  const cpuMs = (after.cpuMs - before.cpuMs) / Math.max(1, sorted.length);
  return `| ${target.name} | ${String(sorted.length)} | ${String(failures)} | ${ms(0.5)} | ${ms(0.95)} | ${ms(0.99)} | ${cpuMs.toFixed(1)} |`;
}

/** CPU of the gateway's own check, without Express and without the network: what each request pays beside its work. */
async function edgeChecks(): Promise<[string, number][]> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = toPublicJwk(privateKey);
  const signer = createAccessTokenSigner({ keys: { current: () => ({ key: privateKey, kid: jwk.kid }), jwks: () => [jwk] } });
  const userId = '01900000-0000-7000-8000-000000000001';
  const sessionIdOf = (index: number): string => `01900000-0000-7000-8000-${String(index).padStart(12, '0')}`;
  const tokens = Array.from(
    { length: 5_000 },
    (_, index) => signer.sign({ userId, role: 'user', scopes: sessionScopes, sessionId: sessionIdOf(index) }).token,
  );
  const authenticate = createAuthenticate({
    verifier: createAccessTokenVerifier({ jwks: () => Promise.resolve([jwk]) }),
    sessions: createSessionChecks({
      ask: () => Promise.resolve({ active: true, userId, role: 'user' }),
      busIsHealthy: () => true,
      clock: systemClock,
    }),
    apiKeys: createApiKeyChecks({
      ask: () => Promise.resolve({ active: true, keyId: 'k', userId, scopes: ['quotes:read'] }),
      clock: systemClock,
    }),
  });
  const check = async (name: string, value: string): Promise<void> => {
    await authenticate({ headers: { [name]: value } } as never);
  };
  const measure = async (calls: number, run: (call: number) => Promise<void>): Promise<number> => {
    const before = process.cpuUsage();
    for (let call = 0; call < calls; call += 1) await run(call);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / calls;
  };
  const bearer = (index: number): string => `Bearer ${tokens[index % tokens.length] ?? ''}`;
  const key = createApiKey('dev');
  await measure(500, (call) => check('authorization', bearer(call)));
  return [
    [
      'access token seen for the first time: signature, claims, session',
      await measure(4_000, (call) => check('authorization', bearer(500 + call))),
    ],
    ['access token seen in the last 30 s, session known', await measure(50_000, () => check('authorization', bearer(0)))],
    ['API key known', await measure(50_000, () => check('x-api-key', key))],
  ];
}
