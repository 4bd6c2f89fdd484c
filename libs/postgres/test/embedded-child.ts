// A process of its own that runs an embedded server on the folder of its argument, ignores Ctrl-C and prints the admin URL.
import { startEmbeddedPostgres } from '../src/index.ts';
import { createLogger } from '@quotemaster/observe';

const [dataDir = ''] = process.argv.slice(2);
process.on('SIGINT', () => process.stdout.write('interrupted\n'));
const server = await startEmbeddedPostgres({ dataDir, logger: createLogger({ service: 'test', level: 'silent' }) });
process.stdout.write(`${server.adminUrl.reveal()}\n`);
// The server holds no handle of ours: without this the process would end, and the server with it.
setInterval(() => undefined, 60_000);
