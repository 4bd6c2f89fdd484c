// A process of its own that migrates one service: arguments are service, schema, folder, admin URL and app URL.
import { Secret } from '@quotemaster/config';
import { createLogger } from '@quotemaster/observe';
import { migrate } from '../src/index.ts';

const [service = '', schema = '', folder = '', adminUrl = '', appUrl = ''] = process.argv.slice(2);
const logger = createLogger({ service, level: 'error' });
const { applied } = await migrate({ service, schema, folder, adminUrl: new Secret(adminUrl), appUrl: new Secret(appUrl), logger });
process.stdout.write(String(applied));
