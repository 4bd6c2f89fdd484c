import { runMain } from '@quotemaster/lifecycle';
import { startStandalone } from './start-standalone.ts';

await runMain(process, (env) => startStandalone(env, (text) => process.stdout.write(text)));
