import { readConfig } from '@quotemaster/config';
import type { Environment } from '@quotemaster/config';
import { createLogger, createMetrics } from '@quotemaster/observe';
import { createPostgres, openCommandDatabase, readPostgresConfig } from '@quotemaster/postgres';
import type { Decision } from '../domain/decision.ts';
import { replayDecision } from '../domain/replay-decision.ts';
import { createDecisionStore } from '../store/decision-store.ts';
import { aiMigrations } from '../store/migrations.ts';

/** What the command needs of the process, so that tests can pass another. */
export interface CommandHost {
  readonly env: Environment;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Makes the choices of a decision again from its record, and prints both beside each other: `replay <id>`. Gives the exit code: 0 the
 * same, 1 not the same or no such decision, 64 used wrongly.
 */
export async function replayCommand(args: readonly string[], { env, stdout, stderr }: CommandHost): Promise<number> {
  const [id, ...rest] = args;
  if (id === undefined || !uuid.test(id) || rest.length > 0) {
    stderr.write('usage: npm run replay -- <decision id>\n');
    return 64;
  }
  const decision = await find(id.toLowerCase(), env);
  if (decision === undefined) {
    stderr.write(`there is no decision ${id}; they are kept for seven days\n`);
    return 1;
  }
  const lines = [
    `decision ${decision.id}, ${new Date(decision.createdAt).toISOString()}: ${decision.outcome} after ${String(decision.latencyMs)} ms`,
  ];
  let areSame = true;
  for (const { recorded, again } of replayDecision(decision)) {
    const isSame = again?.chosen === recorded.chosen;
    areSame &&= isSame;
    lines.push('', `${recorded.purpose} at ${String(recorded.atMs)} ms, seed ${String(recorded.seed)}`);
    for (const { key, excluded } of recorded.options)
      lines.push(`  ${key}  ${excluded === undefined ? factorsOf(again, key) : `out: ${excluded}`}`);
    lines.push(
      `  chosen ${recorded.chosen} (${recorded.why}); again ${again?.chosen ?? 'nobody'} (${again?.why ?? '-'}): ${isSame ? 'the same' : 'NOT THE SAME'}`,
    );
  }
  stdout.write(`${lines.join('\n')}\n`);
  return areSame ? 0 : 1;
}

async function find(id: string, env: Environment): Promise<Decision | undefined> {
  const config = readConfig(env, (reader) => ({
    stage: reader.oneOf('QM_ENV', ['development', 'staging', 'production'] as const, 'development'),
    postgres: readPostgresConfig(reader, 'AI'),
    dataDir: reader.string('QM_DATA_DIR', '.data'),
  }));
  const logger = createLogger({ service: 'ai-orchestrator', level: 'error' });
  const database = await openCommandDatabase(config, { migrations: aiMigrations, variable: 'DATABASE_URL_AI' }, logger);
  const metrics = createMetrics({ service: 'ai-orchestrator' });
  const postgres = createPostgres({ ...config.postgres, url: database.url, poolMax: 1, service: 'ai', schema: 'ai', logger, metrics });
  try {
    return await createDecisionStore(postgres.db).find(id);
  } finally {
    await postgres.stop?.();
    await database.close();
  }
}

function factorsOf(choice: ReturnType<typeof replayDecision>[number]['again'], key: string): string {
  const utility = choice?.utilities[key];
  if (utility === undefined) return '';
  const { total, ...factors } = utility;
  const shown = Object.entries(factors).map(([name, value]) => `${name} ${value.toFixed(3)}`);
  return `utility ${total.toFixed(3)} (${shown.join(', ')})`;
}
