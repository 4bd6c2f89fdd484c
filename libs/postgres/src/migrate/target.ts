import type { Secret } from '@quotemaster/config';
import type { ServiceMigrations } from './migrate.ts';

/** What one run of migrate() works on: names checked, roles resolved. */
export interface Target extends ServiceMigrations {
  readonly ownerRole: string;
  readonly appRole: string;
}

/** Resolves the names of a service's roles. @throws Error for a name that is not plain. */
export function readTarget(options: ServiceMigrations & { readonly appUrl?: Secret }): Target {
  const { service, schema, folder } = options;
  for (const name of [service, schema]) {
    if (!/^[a-z][a-z0-9_]{0,39}$/.test(name)) throw new Error(`${JSON.stringify(name)} is not a plain name of a service or schema`);
  }
  const appUser = options.appUrl === undefined ? '' : decodeURIComponent(new URL(options.appUrl.reveal()).username);
  return { service, schema, folder, ownerRole: `qm_${service}_owner`, appRole: appUser === '' ? `qm_${service}_app` : appUser };
}
