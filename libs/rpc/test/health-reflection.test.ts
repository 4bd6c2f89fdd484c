import { afterEach, describe, expect, it } from '@jest/globals';
import { create, createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { AiService } from '@quotemaster/contract/ai';
import { Health, HealthCheckResponse_ServingStatus as ServingStatus, ServerReflection } from '@quotemaster/contract/rpc';
import type { ServerReflectionRequestSchema, ServerReflectionResponse } from '@quotemaster/contract/rpc';
import { startTestRpc } from '@quotemaster/testkit/test-rpc';
import type { TestRpc } from '@quotemaster/testkit/test-rpc';
import { createRpcClient, handleRpc } from '../src/index.ts';
import type { CallOptions } from '../src/index.ts';
import { echoHandlers } from './echo-handlers.ts';

const options: CallOptions = { timeoutMs: 5_000, actor: { kind: 'none' } };
type Question = MessageInitShape<typeof ServerReflectionRequestSchema>['messageRequest'] & object;

let rpc: TestRpc | undefined;
afterEach(async () => {
  await rpc?.stop();
  rpc = undefined;
});

/** Somebody without a token: kubelet, or a load balancer. */
function stranger(server: TestRpc) {
  return { address: server.server.address, callee: 'user', identity: { name: 'nobody', tokenFor: () => '' } };
}

describe('health', () => {
  it('is open to callers without a token, and says what the server says', async () => {
    rpc = await startTestRpc('user', echoHandlers());
    const health = createRpcClient(Health, stranger(rpc));
    expect(await health.check({}, options)).toMatchObject({ status: ServingStatus.SERVING });
    expect(await health.check({ service: 'test.v1.EchoService' }, options)).toMatchObject({ status: ServingStatus.SERVING });
    await expect(health.check({ service: 'no.such.Service' }, options)).rejects.toMatchObject({ code: 'common.not_found' });
    rpc.server.setServing(false);
    expect(await health.check({}, options)).toMatchObject({ status: ServingStatus.NOT_SERVING });
    health.close();
  });

  it('tells a watcher now and at every change', async () => {
    rpc = await startTestRpc('user', echoHandlers());
    const { server } = rpc;
    const health = createRpcClient(Health, stranger(rpc));
    const statuses: ServingStatus[] = [];
    for await (const { status } of health.watch({}, options)) {
      statuses.push(status);
      if (statuses.length === 3) break;
      server.setServing(status !== ServingStatus.SERVING);
    }
    expect(statuses).toEqual([ServingStatus.SERVING, ServingStatus.NOT_SERVING, ServingStatus.SERVING]);
    health.close();
  });

  it('tells a watcher of an unknown service that it is unknown, and waits', async () => {
    rpc = await startTestRpc('user', echoHandlers());
    const watch = createRpcClient(Health, stranger(rpc)).watch({ service: 'no.such.Service' }, options)[Symbol.asyncIterator]();
    await expect(watch.next()).resolves.toMatchObject({ value: { status: ServingStatus.SERVICE_UNKNOWN } });
    await watch.return?.();
  });
});

describe('reflection', () => {
  const aiHandlers = [
    handleRpc(AiService.method.complete, async () => ({})),
    handleRpc(AiService.method.streamComplete, async function* () {
      yield {};
    }),
  ];

  async function ask(...questions: Question[]): Promise<ServerReflectionResponse[]> {
    const client = rpc!.clientOf(ServerReflection);
    const answers: ServerReflectionResponse[] = [];
    async function* requests() {
      for (const messageRequest of questions) yield { messageRequest };
    }
    for await (const answer of client.serverReflectionInfo(requests(), options)) answers.push(answer);
    return answers;
  }

  it('lists the services and gives every file that a caller needs to build them', async () => {
    rpc = await startTestRpc('ai-orchestrator', aiHandlers);
    const [list, file] = await ask(
      { case: 'listServices', value: '' },
      { case: 'fileContainingSymbol', value: 'quotemaster.ai.v1.AiService.Complete' },
    );
    expect(list!.messageResponse).toMatchObject({
      value: {
        service: [
          { name: 'quotemaster.ai.v1.AiService' },
          { name: 'grpc.health.v1.Health' },
          { name: 'grpc.reflection.v1.ServerReflection' },
        ],
      },
    });
    if (file!.messageResponse.case !== 'fileDescriptorResponse') throw new Error('no file came');
    const files = file!.messageResponse.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
    expect(files[0]!.name).toBe('quotemaster/ai/v1/ai_service.proto');
    const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: files.reverse() }));
    expect(registry.getService('quotemaster.ai.v1.AiService')?.methods.map(({ name }) => name)).toEqual(['Complete', 'StreamComplete']);
  });

  it('answers by file name, by message, by extension, and says what it does not know', async () => {
    rpc = await startTestRpc('ai-orchestrator', aiHandlers);
    const answers = await ask(
      { case: 'fileByFilename', value: 'quotemaster/ai/v1/generation.proto' },
      { case: 'fileContainingSymbol', value: 'quotemaster.ai.v1.Usage' },
      { case: 'allExtensionNumbersOfType', value: 'google.protobuf.MethodOptions' },
      { case: 'fileContainingExtension', value: { containingType: 'google.protobuf.MethodOptions', extensionNumber: 50_001 } },
      { case: 'fileByFilename', value: 'no/such.proto' },
    );
    expect(answers.map(({ messageResponse }) => messageResponse.case)).toEqual([
      'fileDescriptorResponse',
      'fileDescriptorResponse',
      'allExtensionNumbersResponse',
      'fileDescriptorResponse',
      'errorResponse',
    ]);
    expect(answers[2]!.messageResponse.value).toMatchObject({ extensionNumber: expect.arrayContaining([50_001]) });
  });

  it('is refused to callers without a token, and not served when off', async () => {
    rpc = await startTestRpc('ai-orchestrator', aiHandlers);
    const anonymous = createRpcClient(ServerReflection, stranger(rpc));
    async function* nothing() {
      yield { messageRequest: { case: 'listServices', value: '' } as const };
    }
    await expect(anonymous.serverReflectionInfo(nothing(), options)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      message: expect.stringContaining('UNAUTHENTICATED'),
    });
    anonymous.close();
    await rpc.stop();
    rpc = await startTestRpc('ai-orchestrator', aiHandlers, { reflection: false });
    await expect(ask({ case: 'listServices', value: '' })).rejects.toMatchObject({ code: 'common.unimplemented' });
  });
});
