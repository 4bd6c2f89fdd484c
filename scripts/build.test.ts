import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestPostgres } from '@quotemaster/testkit';
import type { TestPostgres } from '@quotemaster/testkit';
import { findFreePorts, startNodeProcess, untilReady } from '@quotemaster/testkit/node-process';
import type { NodeProcess } from '@quotemaster/testkit/node-process';

const root = join(import.meta.dirname, '..');
/** A folder of its own, so that neither a developer's dist/ nor another run is disturbed. */
const dist = join(root, `dist/test-${String(process.pid)}`);
let dataDir: string;
let postgres: TestPostgres | undefined;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'qm-build-'));
  execFileSync(process.execPath, [join(root, 'scripts/build.ts'), dist], { stdio: 'inherit' });
  // As in an image: the packages of the house lead to what was compiled, and packages of which a part of it needs another
  // version lie with that part. All others are found in the folder above.
  for (const nested of globSync('{libs,services}/*/node_modules', { cwd: root })) {
    if (existsSync(join(dist, dirname(nested)))) symlinkSync(join(root, nested), join(dist, nested));
  }
  const scope = join(dist, 'node_modules/@quotemaster');
  mkdirSync(scope, { recursive: true });
  for (const lib of readdirSync(join(dist, 'libs'))) symlinkSync(join(dist, 'libs', lib), join(scope, lib));
}, 120_000);
afterAll(async () => {
  await postgres?.stop();
  rmSync(dataDir, { recursive: true, force: true });
  rmSync(dist, { recursive: true, force: true });
});

describe('what is built for images', () => {
  it('has every service but the one for developers, and no test', () => {
    expect(readdirSync(join(dist, 'services')).sort()).toEqual(['ai-orchestrator', 'gateway', 'quote', 'user']);
    expect(existsSync(join(dist, 'libs/testkit'))).toBe(false);
    expect(globSync('{libs,services}/*/src/**/*.{ts,test.js}', { cwd: dist })).toEqual([]);
  });

  it.each(['gateway', 'user', 'quote', 'ai-orchestrator'])(
    '%s says the same as its source when it lacks what it needs',
    async (service) => {
      const run = async (script: string): Promise<{ code: number | null; output: string }> => {
        const program = startNodeProcess({ script, env: { QM_DATA_DIR: dataDir } });
        return { code: await program.ended(), output: program.output() };
      };
      const compiled = await run(join(dist, `services/${service}/src/main.js`));
      expect(compiled).toMatchObject({ code: 78, output: expect.stringContaining('REDIS_URL: expected') });
      expect(compiled).toEqual(await run(`services/${service}/src/main.ts`));
    },
  );

  it('migrates, starts with the instrumentation that it brings, serves and ends', async () => {
    postgres = await startTestPostgres();
    const database = await postgres.createDatabase();
    const [port, adminPort] = await findFreePorts(2);
    const run = (args: readonly string[], env: Record<string, string> = {}): NodeProcess =>
      startNodeProcess({
        script: join(dist, 'services/ai-orchestrator/src/main.js'),
        args,
        nodeArgs: ['--import', join(dist, 'libs/observe/src/register.js')],
        env: { QM_DATA_DIR: dataDir, QM_GRPC_PORT: String(port), QM_ADMIN_PORT: String(adminPort), ...env },
      });
    const DATABASE_URL_AI = database.appUrl('ai').reveal();
    const migration = run(['migrate'], { DATABASE_URL_AI, DATABASE_ADMIN_URL: database.adminUrl.reveal() });
    expect({ code: await migration.ended(), output: migration.output() }).toMatchObject({ code: 0 });

    // It lives without Redis, and nothing listens there.
    const program = run([], { DATABASE_URL_AI, REDIS_URL: 'redis://127.0.0.1:1' });
    await untilReady(program, `http://127.0.0.1:${String(adminPort)}/readyz`);
    expect(await program.end('SIGTERM')).toBe(0);
  });
});
