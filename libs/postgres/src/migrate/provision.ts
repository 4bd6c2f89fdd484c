import type { Secret } from '@quotemaster/config';
import pg from 'pg';
import { scramVerifier } from './scram.ts';
import type { Target } from './target.ts';

// Roles belong to the whole server: two databases that are provisioned at once meet there, and no lock spans databases.
const collisions = new Set([
  '42710', // duplicate_object
  '23505', // unique_violation, in pg_authid
  'XX000', // internal_error: "tuple concurrently updated" has no code of its own
  '40001',
  '40P01',
]);
const attemptsMax = 8;

/**
 * Makes roles, schema and grants of one service; changes nothing where they are as they should be.
 *
 * The owner role can't log in and owns the schema. The app role may use the schema and, by default privileges, read and
 * write rows of whatever the owner makes there: no DDL, no other schema, no temporary tables.
 */
export async function provision(client: pg.Client, target: Target, appUrl: Secret | undefined): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query('BEGIN');
      await client.query("SELECT pg_advisory_xact_lock(hashtext('quotemaster.provision'))");
      await provisionOnce(client, target, appUrl);
      await client.query('COMMIT');
      return;
    } catch (error) {
      await client.query('ROLLBACK');
      if (attempt === attemptsMax || !(error instanceof pg.DatabaseError) || !collisions.has(error.code ?? '')) throw error;
    }
  }
}

async function provisionOnce(client: pg.Client, target: Target, appUrl: Secret | undefined): Promise<void> {
  const owner = pg.escapeIdentifier(target.ownerRole);
  const app = pg.escapeIdentifier(target.appRole);
  const schema = pg.escapeIdentifier(target.schema);
  const { database, admin } = await readSession(client);

  if (!(await roleExists(client, target.ownerRole))) await client.query(`CREATE ROLE ${owner} NOLOGIN`);
  if (!(await mayBecome(client, target.ownerRole))) await client.query(`GRANT ${owner} TO ${pg.escapeIdentifier(admin)}`);
  // drizzle's migrator says CREATE SCHEMA IF NOT EXISTS, for which Postgres asks this right even where it exists.
  if (!(await has(client, "has_database_privilege($1, current_database(), 'CREATE')", [target.ownerRole]))) {
    await client.query(`GRANT CREATE ON DATABASE ${pg.escapeIdentifier(database)} TO ${owner}`);
  }
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${owner}`);
  await provisionAppRole(client, target.appRole, admin, appUrl);

  if (await has(client, "has_database_privilege('public', current_database(), 'TEMPORARY')")) {
    await client.query(`REVOKE TEMPORARY ON DATABASE ${pg.escapeIdentifier(database)} FROM PUBLIC`);
  }
  if (await has(client, "has_schema_privilege('public', 'public', 'CREATE')")) {
    await client.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
  }
  if (!(await has(client, 'has_schema_privilege($1, $2, $3)', [target.appRole, target.schema, 'USAGE']))) {
    await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${app}`);
    const defaults = `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA ${schema}`;
    await client.query(`${defaults} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${app}`);
    await client.query(`${defaults} GRANT USAGE, SELECT ON SEQUENCES TO ${app}`);
  }
}

async function provisionAppRole(client: pg.Client, role: string, admin: string, appUrl: Secret | undefined): Promise<void> {
  if (role === admin) throw new Error(`the app's role must not be the admin's own, ${role}: it would not be held to its schema`);
  const identifier = pg.escapeIdentifier(role);
  const exists = await roleExists(client, role);
  if (!exists) await client.query(`CREATE ROLE ${identifier} LOGIN`);
  const password = appUrl === undefined ? '' : decodeURIComponent(new URL(appUrl.reveal()).password);
  if (appUrl === undefined || password === '') return;
  // A role that lets us in as it is stays untouched: whoever made it may have given us no right to change it.
  if (exists && (await canConnect(appUrl))) return;
  // The verifier rather than the password: statements may be logged.
  await client.query(`ALTER ROLE ${identifier} PASSWORD ${pg.escapeLiteral(scramVerifier(password))}`);
}

/** Lets the app role at the rows of all tables but the journals', which are nobody's but the owner's. */
export async function grantTables(client: pg.Client, target: Target, journals: readonly string[]): Promise<void> {
  const app = pg.escapeIdentifier(target.appRole);
  const schema = pg.escapeIdentifier(target.schema);
  await client.query('BEGIN');
  await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${app}`);
  await client.query(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${app}`);
  for (const journal of journals) await client.query(`REVOKE ALL ON ${schema}.${pg.escapeIdentifier(journal)} FROM ${app}`);
  await client.query('COMMIT');
}

async function readSession(client: pg.Client): Promise<{ database: string; admin: string }> {
  const { rows } = await client.query<{ database: string; admin: string }>('SELECT current_database() AS database, current_user AS admin');
  const [session] = rows;
  if (session === undefined) throw new Error('the server did not say who we are');
  return session;
}

async function roleExists(client: pg.Client, role: string): Promise<boolean> {
  return has(client, 'EXISTS (SELECT FROM pg_roles WHERE rolname = $1)', [role]);
}

/** Whether this session may SET ROLE; the right is called SET since Postgres 16, and was membership before. */
async function mayBecome(client: pg.Client, role: string): Promise<boolean> {
  const { rows } = await client.query<{ version: number }>("SELECT current_setting('server_version_num')::int AS version");
  return has(client, 'pg_has_role($1, $2)', [role, (rows[0]?.version ?? 0) >= 160_000 ? 'SET' : 'MEMBER']);
}

async function has(client: pg.Client, condition: string, values: readonly string[] = []): Promise<boolean> {
  const { rows } = await client.query<{ yes: boolean }>(`SELECT ${condition} AS yes`, [...values]);
  return rows[0]?.yes === true;
}

async function canConnect(url: Secret): Promise<boolean> {
  const client = new pg.Client({ connectionString: url.reveal(), connectionTimeoutMillis: 2_000 });
  // The server may say goodbye after we have stopped listening.
  client.on('error', () => undefined);
  return client
    .connect()
    .then(
      () => true,
      () => false,
    )
    .finally(() => client.end());
}
