import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMetrics } from '@quotemaster/observe';
import { createPostgres } from '@quotemaster/postgres';
import type { Postgres } from '@quotemaster/postgres';
import { createMemoryLog, waitUntil } from '@quotemaster/testkit';
import { startProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import type { ProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import { hasRedisServer, startTestRedisServer } from '@quotemaster/testkit/redis-faces';
import type { TestRedisServer } from '@quotemaster/testkit/redis-faces';
import { startServiceProcesses } from '@quotemaster/testkit/service-processes';
import type { ServiceName, ServiceProcesses } from '@quotemaster/testkit/service-processes';
import { startTestPostgres } from '@quotemaster/testkit/test-postgres';
import type { TestPostgres } from '@quotemaster/testkit/test-postgres';
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { register } from './api.ts';
import type { Api } from './api.ts';

const canRun = hasRedisServer();
if (!canRun) process.stderr.write('skipped: kills between the steps of a request, as there is no redis-server on PATH\n');

type Victim = ServiceName | 'Redis';
/** Where a request is when somebody is killed. */
type Moment =
  'while the model thinks' | 'while the quotes are written' | 'while they are committed' | 'after the commit, before the answer';

/** Longer than it takes to see that a step has begun, shorter than any deadline. */
const stepMs = 1_200;
/** A restart, the six seconds of a dead worker's claim, and the time in which a service is found again. */
const retried = { timeoutMs: 40_000, intervalMs: 200 };

(canRun ? describe : describe.skip)('a request with an Idempotency-Key', () => {
  let postgres: TestPostgres;
  let redis: TestRedisServer;
  let simulator: ProviderSimulator;
  let system: ServiceProcesses;
  let database: Postgres;
  let users = 0;

  beforeAll(async () => {
    redis = await startTestRedisServer();
    postgres = await startTestPostgres();
    simulator = await startProviderSimulator();
    const scratch = await postgres.createDatabase();
    system = await startServiceProcesses({
      database: scratch,
      redisUrl: `redis://127.0.0.1:${String(redis.port)}`,
      env: { QM_RATE_AUTH_PER_MINUTE: '1000', OPENAI_BASE_URL: simulator.openaiUrl },
    });
    database = createPostgres({
      url: scratch.adminUrl,
      service: 'test',
      schema: 'quote',
      logger: createMemoryLog().logger,
      metrics: createMetrics({ service: 'test' }),
    });
    await database.db.execute(
      sql.raw(
        `CREATE FUNCTION public.linger() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN PERFORM pg_sleep(${String(stepMs / 1_000)}); RETURN NULL; END $$`,
      ),
    );
  }, 120_000);
  afterAll(async () => {
    await database.stop?.();
    await system.stop();
    await simulator.stop();
    await postgres.stop();
    await redis.stop();
  }, 60_000);

  const finds = async (query: SQL): Promise<boolean> => (await database.db.execute(query)).rows.length > 0;
  /** Whether a statement that reads like this is asleep in our trigger. */
  const lingers = (statement: string): Promise<boolean> =>
    finds(sql`SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event = 'PgSleep' AND query ILIKE ${statement}`);
  const endLingering = async (): Promise<void> => {
    await database.db.execute(sql`DROP TRIGGER linger ON quotes`);
  };

  /** Makes each moment last, tells when it has come, and undoes what it did. */
  const moments: Record<Moment, { prepare(): Promise<void>; come(key: string): Promise<boolean>; undo(): Promise<void> }> = {
    'while the model thinks': {
      prepare: async () => simulator.account('openai').behave({ kind: 'delay', ms: stepMs }),
      come: async () => simulator.account('openai').openCalls > 0,
      undo: async () => simulator.reset(),
    },
    'while the quotes are written': {
      prepare: async () => {
        await database.db.execute(sql`
          CREATE TRIGGER linger BEFORE INSERT ON quotes FOR EACH STATEMENT EXECUTE FUNCTION public.linger()`);
      },
      come: () => lingers('insert into%quotes%'),
      undo: endLingering,
    },
    'while they are committed': {
      prepare: async () => {
        await database.db.execute(sql`
          CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON quotes DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW EXECUTE FUNCTION public.linger()`);
      },
      come: () => lingers('commit%'),
      undo: endLingering,
    },
    'after the commit, before the answer': {
      // The gateway is held while the model thinks, so that the answer reaches nobody.
      prepare: async () => simulator.account('openai').behave({ kind: 'delay', ms: stepMs }),
      come: async (key) => {
        if (simulator.account('openai').openCalls > 0) process.kill(system.pid('gateway'), 'SIGSTOP');
        return finds(sql`SELECT 1 FROM idempotency WHERE key = ${key} AND state = 'done'`);
      },
      undo: async () => simulator.reset(),
    },
  };

  const kill = (victim: Victim): Promise<void> => (victim === 'Redis' ? redis.kill() : system.end(victim, 'SIGKILL'));
  const revive = (victim: Victim): Promise<void> => (victim === 'Redis' ? redis.start() : system.start(victim));

  async function newUser(): Promise<Api> {
    users += 1;
    return waitUntil('a new user', () => register(system.url, `user-${String(users)}@example.org`).catch(() => undefined), retried);
  }

  it.each<[Victim, Moment]>([
    ['gateway', 'while the model thinks'],
    ['quote', 'while the model thinks'],
    ['ai-orchestrator', 'while the model thinks'],
    ['Redis', 'while the model thinks'],
    ['gateway', 'while the quotes are written'],
    ['quote', 'while the quotes are written'],
    ['Redis', 'while the quotes are written'],
    ['gateway', 'while they are committed'],
    ['quote', 'while they are committed'],
    ['Redis', 'while they are committed'],
    ['gateway', 'after the commit, before the answer'],
  ])(
    'has one effect when %s is killed %s, and a retry gets its answer',
    async (victim, moment) => {
      const user = await newUser();
      const key = randomUUID();
      const generate = () => user.call('POST', '/v1/quotes/generate', { prompt: 'a door left open' }, { 'idempotency-key': key });
      // The user is known and all connections are made, so that what is killed is killed in the middle of this request.
      await waitUntil('all is well', async () => (await user.call('GET', '/v1/quotes')).status === 200, retried);

      await moments[moment].prepare();
      const first = generate().then(
        ({ status, body }) => ({ status, body }),
        () => ({ status: 0, body: undefined }),
      );
      await waitUntil(moment, () => moments[moment].come(key), { timeoutMs: 10_000, intervalMs: 10 });
      await kill(victim);
      const told = await first;
      await moments[moment].undo();
      await revive(victim);

      // An answer, a refusal that may be tried again, or a broken connection: nothing else.
      expect([201, 503, 0]).toContain(told.status);
      const tries: unknown[] = [];
      const second = await waitUntil(
        `an answer after ${JSON.stringify(told)}`,
        async () => {
          const answer = await generate().catch(() => undefined);
          if (answer?.status === 201) return answer;
          if (answer !== undefined) tries.push([answer.status, answer.body.code]);
          return undefined;
        },
        retried,
      );
      for (const [status, code] of tries as [number, string][]) {
        expect([409, 503]).toContain(status);
        if (status === 409) expect(code).toBe('common.idempotency_in_flight');
      }
      if (told.status === 201) expect(second.body).toEqual(told.body);

      const third = await generate();
      expect([third.status, third.headers.get('idempotent-replayed'), third.body]).toEqual([201, 'true', second.body]);
      const { body: list } = await user.call('GET', '/v1/quotes');
      expect(list.items.map((quote: { id: string }) => quote.id).sort()).toEqual(
        second.body.quotes.map((quote: { id: string }) => quote.id).sort(),
      );
      const { body: me } = await user.call('GET', '/v1/users/me');
      const { rows: events } = await database.db.execute(sql`SELECT 1 FROM outbox WHERE topic = 'quote.generated' AND key = ${me.id}`);
      expect(events).toHaveLength(1);
    },
    120_000,
  );
});
