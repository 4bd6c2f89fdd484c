import type { DescMethod, DescMethodServerStreaming, DescMethodUnary, Message } from '@bufbuild/protobuf';
import { createContextKey, createContextValues } from '@connectrpc/connect';
import type { ConnectRouter, HandlerContext } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { access, routedMethods } from '@quotemaster/contract';
import type { ResolvedAccess, RoutedMethod } from '@quotemaster/contract';
import type { DescService } from '@bufbuild/protobuf';
import { AppError, commonErrors } from '@quotemaster/errors';
import { callMethod } from '@quotemaster/rpc';
import type { CallOptions, RpcClientHandle } from '@quotemaster/rpc';
import type { Request, RequestHandler, Response } from 'express';
import type { Context } from '../context.ts';
import { admitCall } from './admit-call.ts';
import { setCarriedFields } from './carried-fields.ts';
import { exchangeOf } from './exchange.ts';
import { logFailure } from './handle-error.ts';
import { setErrorHeaders } from './problem.ts';
import { toConnectError } from './to-connect-error.ts';

type Needs = Pick<Context, 'admission' | 'authenticate' | 'rateLimit' | 'backends' | 'config' | 'logger'>;

/** An RPC as Connect serves it: its own policy, or that of the unary RPC whose stream it is. */
interface Exposed {
  readonly method: DescMethod;
  readonly policy: ResolvedAccess;
  /** The route whose headers and cookies belong to the request. */
  readonly entry: RoutedMethod | undefined;
}

const messageBytesMax = 4_194_304;
const exchangeKey = createContextKey<{ request: Request; response: Response } | undefined>(undefined);

/**
 * Creates the handler of Connect and gRPC-Web at `/<package>.<Service>/<Method>`: every RPC that has a route, and the streams beside them.
 *
 * They end where REST ends: the same admission, credentials, limits, policy, deadline and call. gRPC proper is for inside.
 */
export function connectRoutes(services: readonly DescService[], needs: Needs): RequestHandler {
  const exposed = new Map(exposedMethods(services).map((one) => [pathOf(one.method), one]));
  const adapter = connectNodeAdapter({
    // What may be compressed is known to the gateway's own compression.
    acceptCompression: [],
    writeMaxBytes: messageBytesMax,
    routes: (router) => {
      for (const one of exposed.values()) register(router, one, needs);
    },
    contextValues: (request) => {
      const known = request as Request;
      return createContextValues().set(exchangeKey, known.res === undefined ? undefined : { request: known, response: known.res });
    },
  });
  return (request, response, next) => {
    const one = exposed.get(request.path);
    if (one === undefined) {
      next();
      return;
    }
    exchangeOf(response).route = request.path;
    response.setHeader('Cache-Control', 'no-store');
    try {
      adapter(request, response);
    } catch (error) {
      // The adapter needs a whole address, and reads it from the Host header.
      next(new AppError(commonErrors.invalidRequest, { detail: 'The Host header is not valid.', cause: error }));
    }
  };
}

function exposedMethods(services: readonly DescService[]): readonly Exposed[] {
  return routedMethods(services).flatMap((entry) => {
    const policy = access(entry.method);
    const stream = entry.method.parent.methods.find(({ name }) => name === policy.streamMethod);
    return [{ method: entry.method, policy, entry }, ...(stream === undefined ? [] : [{ method: stream, policy, entry: undefined }])];
  });
}

function pathOf(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}

function register(router: ConnectRouter, { method, policy, entry }: Exposed, needs: Needs): void {
  // An RPC's own options are all that the adapter looks at for its protocols.
  const options = { grpc: false, readMaxBytes: policy.maxBodyBytes };

  async function begin(message: Message, context: HandlerContext): Promise<{ client: RpcClientHandle; options: CallOptions }> {
    const { request, response } = requireExchange(context);
    response.once('close', needs.admission.enter(policy.shedPriority));
    const admitted = await admitCall(request, response, policy, needs);
    if (entry !== undefined) setCarriedFields(message, entry, request, needs.config.publicUrl);
    const client = needs.backends.clientOf(method);
    if (client === undefined) throw new AppError(commonErrors.unavailable, { reason: `no address for ${method.parent.typeName}` });
    const timeoutMs = Math.max(1, Math.min(policy.timeoutMs, context.timeoutMs() ?? policy.timeoutMs));
    return { client, options: { ...admitted, timeoutMs } };
  }
  function fail(error: unknown, context: HandlerContext): never {
    const { response } = requireExchange(context);
    const known = logFailure(error, response, needs.logger);
    if (!response.headersSent) setErrorHeaders(known, response);
    throw toConnectError(known);
  }

  if (method.methodKind === 'unary') {
    router.rpc(
      method as DescMethodUnary,
      async (message: Message, context) => {
        try {
          const call = await begin(message, context);
          return await callMethod(call.client, method as DescMethodUnary, message, call.options);
        } catch (error) {
          return fail(error, context);
        }
      },
      options,
    );
  } else {
    router.rpc(
      method as DescMethodServerStreaming,
      async function* (message: Message, context) {
        try {
          const call = await begin(message, context);
          yield* callMethod(call.client, method as DescMethodServerStreaming, message, call.options);
        } catch (error) {
          fail(error, context);
        }
      },
      options,
    );
  }
}

function requireExchange(context: HandlerContext): { request: Request; response: Response } {
  const exchange = context.values.get(exchangeKey);
  if (exchange === undefined) throw new Error('Connect runs on Express');
  return exchange;
}
