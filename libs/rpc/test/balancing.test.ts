import { describe, expect, it } from '@jest/globals';
import { createTestIdentity } from '@quotemaster/testkit/test-identity';
import { serviceNames, startTestRpc } from '@quotemaster/testkit/test-rpc';
import { createRpcClient } from '../src/index.ts';
import type { CallOptions } from '../src/index.ts';
import { createTestName } from '../src/testing/index.ts';
import { echoHandlers } from './echo-handlers.ts';
import { EchoService } from './echo-service.ts';

const options: CallOptions = { timeoutMs: 2_000, actor: { kind: 'none' } };
const identities = createTestIdentity(serviceNames);
const startServer = (label: string, maxConnectionAgeMs: number) =>
  startTestRpc('user', echoHandlers({ change: async () => ({ value: label }) }), { identities, maxConnectionAgeMs });

describe('a client', () => {
  it('spreads calls evenly over the servers behind a name', async () => {
    const servers = await Promise.all([startServer('a', 60_000), startServer('b', 60_000)]);
    const name = createTestName(servers.map(({ server }) => server.address));
    const client = createRpcClient(EchoService, { address: name.address, callee: 'user', identity: identities.identityOf('gateway') });
    const answers: Record<string, number> = { a: 0, b: 0 };
    // The first calls go to whichever connection stands first.
    while (answers['a'] === 0 || answers['b'] === 0) answers[(await client.change({}, options)).value]! += 1;
    const even: Record<string, number> = { a: 0, b: 0 };
    for (let call = 0; call < 40; call += 1) even[(await client.change({}, options)).value]! += 1;
    expect(even).toEqual({ a: 20, b: 20 });
    client.close();
    await Promise.all(servers.map((server) => server.stop()));
  });

  it('finds a server added behind a name within 8 s at a connection age of 3 s, without one failed call', async () => {
    const first = await startServer('first', 3_000);
    const second = await startServer('second', 3_000);
    const name = createTestName([first.server.address]);
    const client = createRpcClient(EchoService, { address: name.address, callee: 'user', identity: identities.identityOf('gateway') });
    const failures: unknown[] = [];
    let calls = 0;
    let found = false;
    const giveUpAt = Date.now() + 15_000;
    const caller = async (): Promise<void> => {
      while (!found && Date.now() < giveUpAt) {
        calls += 1;
        await client.change({}, options).then(
          ({ value }) => (found ||= value === 'second'),
          (error: unknown) => failures.push(error),
        );
        // Calls cross the server's GOAWAY at every age; a pause of a tick keeps the machine free for others.
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    };
    await client.change({}, options);
    const addedAt = Date.now();
    name.set([first.server.address, second.server.address]);
    await Promise.all(Array.from({ length: 16 }, caller));

    expect(failures).toEqual([]);
    expect(found).toBe(true);
    expect(Date.now() - addedAt).toBeLessThan(8_000);
    expect(calls).toBeGreaterThan(100);
    client.close();
    await Promise.all([first.stop(), second.stop()]);
  });

  it('loses no call over connections that reach their age, behind one fixed address', async () => {
    const only = await startServer('only', 200);
    const client = only.clientOf(EchoService);
    const end = Date.now() + 2_500;
    const failures: unknown[] = [];
    const caller = async (): Promise<void> => {
      while (Date.now() < end) await client.change({}, options).catch((error: unknown) => failures.push(error));
    };
    await Promise.all(Array.from({ length: 16 }, caller));
    expect(failures).toEqual([]);
    await only.stop();
  });
});
