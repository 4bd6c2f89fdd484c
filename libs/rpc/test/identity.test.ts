import { afterEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '@quotemaster/auth';
import { PrivacyService } from '@quotemaster/contract/privacy';
import { UserService } from '@quotemaster/contract/user';
import { createTestIdentity, testUser } from '@quotemaster/testkit/test-identity';
import { startTestRpc } from '@quotemaster/testkit/test-rpc';
import type { TestRpc } from '@quotemaster/testkit/test-rpc';
import { createRpcClient, handleRpc } from '../src/index.ts';
import { echoHandlers } from './echo-handlers.ts';
import { EchoService } from './echo-service.ts';
import { withStandIns } from './stand-ins.ts';

let rpc: TestRpc | undefined;
afterEach(async () => {
  await rpc?.stop();
  rpc = undefined;
});

const nobody: Actor = { kind: 'none' };

describe('a server', () => {
  it('refuses a service that is not among the callers, and no error code of ours tells the outside', async () => {
    rpc = await startTestRpc('user', echoHandlers());
    await expect(rpc.clientOf(EchoService, 'analytics').say({}, { timeoutMs: 1_000, actor: nobody })).rejects.toMatchObject({
      code: 'common.internal',
      message: expect.stringContaining('PERMISSION_DENIED'),
    });
    expect(rpc.log.text()).toContain('the service analytics is not among the callers of this RPC');
  });

  it('refuses a token signed by a key it does not know', async () => {
    rpc = await startTestRpc('user', echoHandlers());
    const stranger = createTestIdentity(['gateway']).identityOf('gateway');
    const client = createRpcClient(EchoService, { address: rpc.server.address, callee: 'user', identity: stranger });
    await expect(client.say({}, { timeoutMs: 1_000, actor: nobody })).rejects.toMatchObject({
      code: 'common.internal',
      message: expect.stringContaining('UNAUTHENTICATED'),
    });
    client.close();
  });

  it('refuses a token meant for another callee', async () => {
    rpc = await startTestRpc('user', echoHandlers());
    const client = createRpcClient(EchoService, {
      address: rpc.server.address,
      callee: 'quote',
      identity: rpc.identities.identityOf('gateway'),
    });
    await expect(client.say({}, { timeoutMs: 1_000, actor: nobody })).rejects.toMatchObject({
      message: expect.stringContaining('UNAUTHENTICATED'),
    });
    client.close();
  });

  it('refuses a call without a token, and a stream as well', async () => {
    rpc = await startTestRpc('user', echoHandlers());
    const identity = { name: 'gateway', tokenFor: () => '' };
    const client = createRpcClient(EchoService, { address: rpc.server.address, callee: 'user', identity });
    await expect(client.say({}, { timeoutMs: 1_000, actor: nobody })).rejects.toMatchObject({
      message: expect.stringContaining('UNAUTHENTICATED'),
    });
    await expect(client.count({}, { timeoutMs: 1_000, actor: nobody })[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      message: expect.stringContaining('UNAUTHENTICATED'),
    });
    client.close();
  });

  it('asks for a principal with the scopes of the RPC, and tells the person what is wrong', async () => {
    const getMe = handleRpc(UserService.method.getMe, async (_request, call) => ({ user: { id: call.requirePrincipal().userId } }));
    rpc = await startTestRpc('user', withStandIns(UserService, [getMe]));
    const users = rpc.clientOf(UserService);
    const actor = testUser();
    await expect(users.getMe({}, { timeoutMs: 1_000, actor })).resolves.toMatchObject({ user: { id: actor.principal.userId } });
    await expect(users.getMe({}, { timeoutMs: 1_000, actor: nobody })).rejects.toMatchObject({ code: 'auth.unauthenticated' });
    await expect(users.getMe({}, { timeoutMs: 1_000, actor: { kind: 'job' } })).rejects.toMatchObject({ code: 'auth.unauthenticated' });
    await expect(users.getMe({}, { timeoutMs: 1_000, actor: testUser({ scopes: ['quotes:read'] }) })).rejects.toMatchObject({
      code: 'auth.forbidden',
    });
  });

  it('lets a job call what services ask of each other', async () => {
    rpc = await startTestRpc('quote', [
      handleRpc(PrivacyService.method.erase, async (_request, { actor }) => ({ erasedRecords: actor.kind === 'job' ? 7 : 0 })),
      handleRpc(PrivacyService.method.export, async function* () {
        yield { kind: 'quote', json: '{}' };
      }),
    ]);
    const request = { userId: testUser().principal.userId };
    await expect(rpc.clientOf(PrivacyService, 'user').erase(request, { timeoutMs: 1_000, actor: { kind: 'job' } })).resolves.toMatchObject({
      erasedRecords: 7,
    });
    await expect(rpc.clientOf(PrivacyService, 'voice').erase(request, { timeoutMs: 1_000, actor: { kind: 'job' } })).rejects.toMatchObject({
      message: expect.stringContaining('PERMISSION_DENIED'),
    });
  });

  it('does not start when an RPC of its services has no handler, or two', async () => {
    const [say] = echoHandlers();
    await expect(startTestRpc('user', [say!])).rejects.toThrow(
      'RPCs without a handler: test.v1.EchoService/Change, test.v1.EchoService/Count',
    );
    await expect(startTestRpc('user', [...echoHandlers(), say!])).rejects.toThrow('test.v1.EchoService/Say has two handlers');
  });

  it('says which variable names a port that is taken', async () => {
    rpc = await startTestRpc('user', echoHandlers());
    await expect(startTestRpc('quote', echoHandlers(), { port: rpc.server.port })).rejects.toMatchObject({
      name: 'ConfigError',
      exitCode: 78,
      message: expect.stringContaining('QM_GRPC_PORT'),
    });
  });
});
