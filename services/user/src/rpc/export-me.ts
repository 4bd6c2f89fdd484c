import { UserService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcCall, RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { withEvents } from '../event-source.ts';
import { exportOwnData } from '../privacy/own-data.ts';
import type { ExportRecord } from '../privacy/own-data.ts';

/** Pieces of about this size go out, so that a document of any length takes no more memory than one of them. */
const pieceChars = 32_768;

type Needs = Pick<Context, 'clock' | 'postgres' | 'peers' | 'events'>;

/** Each service is asked for its first record before a byte goes out: one that is away is an error, not half a document. */
export function exportMe(context: Needs): RpcHandler {
  const { clock, postgres, peers, events } = context;
  return handleRpc(UserService.method.exportMe, async function* (_request, call) {
    const { userId } = call.requirePrincipal();
    const sources = [
      ...peers.names.map((name) => begin(name, peers.export(name, userId, call))),
      begin('user', exportOwnData(postgres.db, userId, new Date(clock.now()))),
    ];
    await Promise.all(sources.map(({ first }) => first));
    await withEvents(postgres, call, (source) => events.exported(source, { userId }));
    let piece = '';
    let contentType = 'application/json';
    for await (const text of write(userId, new Date(clock.now()), sources, call)) {
      piece += text;
      if (piece.length < pieceChars) continue;
      yield { body: { contentType, data: Buffer.from(piece) } };
      piece = '';
      contentType = '';
    }
    yield { body: { contentType, data: Buffer.from(piece) } };
  });
}

interface Source {
  readonly service: string;
  readonly records: AsyncIterator<ExportRecord>;
  readonly first: Promise<IteratorResult<ExportRecord>>;
}

function begin(service: string, stream: AsyncIterable<ExportRecord>): Source {
  const records = stream[Symbol.asyncIterator]();
  return { service, records, first: records.next() };
}

async function* write(userId: string, at: Date, sources: readonly Source[], { signal }: RpcCall): AsyncGenerator<string> {
  yield `{"exportedAt":${JSON.stringify(at.toISOString())},"userId":${JSON.stringify(userId)},"services":{`;
  for (const [index, { service, records, first }] of sources.entries()) {
    yield `${index === 0 ? '' : ','}${JSON.stringify(service)}:[`;
    let separator = '';
    for (let next = await first; next.done !== true; next = await records.next()) {
      signal.throwIfAborted();
      yield `${separator}{"kind":${JSON.stringify(next.value.kind)},"data":${next.value.json}}`;
      separator = ',';
    }
    yield ']';
  }
  yield '}}\n';
}
