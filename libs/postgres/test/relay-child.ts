// A process of its own that relays the outbox of `notes` and asks to be killed at a moment: arguments are URL and moment.
import { Secret } from '@quotemaster/config';
import { systemClock } from '@quotemaster/lifecycle';
import { createLogger, createMetrics } from '@quotemaster/observe';
import { createOutboxRelay, createPostgres } from '../src/index.ts';

const [url = '', moment = ''] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const logger = createLogger({ service: 'notes', level: 'silent' });
const metrics = createMetrics({ service: 'notes' });
const postgres = createPostgres({ url: new Secret(url), service: 'notes', schema: 'notes', logger, metrics });
const relay = createOutboxRelay({
  postgres,
  lease: { acquire: () => Promise.resolve({ renew: () => Promise.resolve(true), release: () => Promise.resolve() }) },
  clock: systemClock,
  logger,
  metrics,
  async publish(event) {
    if (moment === 'after publish') say(`published ${event.id}`);
    say('kill me');
    // Published, and not yet marked: here the parent's SIGKILL arrives.
    await new Promise(() => undefined);
  },
});
await relay.start?.();
