// Migrates every service's schema with DATABASE_ADMIN_URL, one after the other.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const services = join(import.meta.dirname, '../services');
for (const service of readdirSync(services)) {
  if (!existsSync(join(services, service, 'src/store/migrations'))) continue;
  const { status } = spawnSync(process.execPath, [join(services, service, 'src/main.ts'), 'migrate'], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
