import { existsSync, globSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestPostgres } from '@quotemaster/testkit';
import type { TestPostgres } from '@quotemaster/testkit';
import { buildPrograms } from '@quotemaster/testkit/built-programs';
import type { BuiltPrograms } from '@quotemaster/testkit/built-programs';
import { findFreePorts, startNodeProcess, untilReady } from '@quotemaster/testkit/node-process';
import type { NodeProcess } from '@quotemaster/testkit/node-process';

let dataDir: string;
let built: BuiltPrograms;
let postgres: TestPostgres | undefined;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'qm-build-'));
  built = buildPrograms();
}, 120_000);
afterAll(async () => {
  await postgres?.stop();
  rmSync(dataDir, { recursive: true, force: true });
  built.remove();
});

describe('what is built for images', () => {
  it('has every service but the one for developers, and no test', () => {
    expect(readdirSync(join(built.folder, 'services')).sort()).toEqual(['ai-orchestrator', 'gateway', 'quote', 'user']);
    expect(existsSync(join(built.folder, 'libs/testkit'))).toBe(false);
    expect(globSync('{libs,services}/*/src/**/*.{ts,test.js}', { cwd: built.folder })).toEqual([]);
  });

  it.each(['gateway', 'user', 'quote', 'ai-orchestrator'])(
    '%s says the same as its source when it lacks what it needs',
    async (service) => {
      const run = async (script: string): Promise<{ code: number | null; output: string }> => {
        const program = startNodeProcess({ script, env: { QM_DATA_DIR: dataDir } });
        return { code: await program.ended(), output: program.output() };
      };
      const compiled = await run(built.script(service));
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
        script: built.script('ai-orchestrator'),
        args,
        nodeArgs: built.nodeArgs,
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
