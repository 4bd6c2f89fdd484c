import { randomBytes } from 'node:crypto';
import { Secret } from '@quotemaster/config';
import pg from 'pg';

/** A database of its own for one test suite or one bench, on a server that others use at the same time. */
export interface ScratchDatabase {
  readonly adminUrl: Secret;
  /** The address of a service's app role. Roles belong to the whole server, so they bear the database's name. */
  appUrl(service: string): Secret;
  /** Drops the database, whoever is connected, and its app roles. */
  drop(): Promise<void>;
}

/** Creates an empty database with a random name on the server of `adminUrl`. */
export async function createScratchDatabase(adminUrl: Secret): Promise<ScratchDatabase> {
  const suffix = randomBytes(6).toString('hex');
  const name = `qm_scratch_${suffix}`;
  const password = randomBytes(18).toString('base64url');
  await run(adminUrl, (client) => client.query(`CREATE DATABASE ${name}`));

  const address = (user?: string): Secret => {
    const url = new URL(adminUrl.reveal());
    url.pathname = `/${name}`;
    if (user !== undefined) {
      url.username = user;
      url.password = password;
    }
    return new Secret(url.href);
  };
  return {
    adminUrl: address(),
    appUrl: (service) => address(`qm_${service}_app_${suffix}`),
    drop: () =>
      run(adminUrl, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        const { rows } = await client.query<{ role: string }>('SELECT rolname AS role FROM pg_roles WHERE rolname LIKE $1', [
          `qm\\_%\\_app\\_${suffix}`,
        ]);
        for (const { role } of rows) await client.query(`DROP ROLE ${pg.escapeIdentifier(role)}`);
      }),
  };
}

async function run(url: Secret, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url.reveal(), application_name: 'scratch', connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
