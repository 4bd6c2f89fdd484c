import { AppError, commonErrors } from '@quotemaster/errors';
import { Health, HealthCheckResponse_ServingStatus as ServingStatus } from '@quotemaster/contract/rpc';
import { handleRpc } from '../handler.ts';
import type { RpcHandler } from '../handler.ts';

/** Watches are open to all callers, so that their number has a bound. */
const watchersMax = 1_000;

export interface HealthService {
  readonly handlers: readonly RpcHandler[];
  /** Tells all watchers when it changes. */
  setServing(serving: boolean): void;
  /** Not serving any more, for good: watchers are told, then their streams end. */
  close(): void;
}

/**
 * Creates grpc.health.v1 for a server with the services named; the empty name stands for the whole server.
 * @see https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export function createHealth(serviceNames: readonly string[]): HealthService {
  const known = new Set(['', ...serviceNames]);
  const wakers = new Set<() => void>();
  let serving = false;
  let closed = false;

  const statusOf = (service: string): ServingStatus => {
    if (!known.has(service)) return ServingStatus.SERVICE_UNKNOWN;
    return serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  };
  const wakeAll = (): void => {
    for (const wake of [...wakers]) wake();
  };
  const changeOrAbort = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        wakers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      wakers.add(wake);
      signal.addEventListener('abort', wake);
    });

  return {
    handlers: [
      handleRpc(Health.method.check, ({ service }) => {
        if (known.has(service)) return Promise.resolve({ status: statusOf(service) });
        return Promise.reject(new AppError(commonErrors.notFound, { reason: 'health was asked about a service that is not served here' }));
      }),
      handleRpc(Health.method.watch, async function* ({ service }, { signal }) {
        if (wakers.size >= watchersMax)
          throw new AppError(commonErrors.overloaded, { reason: `more than ${String(watchersMax)} health watches` });
        let told: ServingStatus | undefined;
        while (!signal.aborted) {
          const status = statusOf(service);
          if (status !== told) yield { status };
          told = status;
          if (closed) return;
          // The state may have changed while the reader took its time over the last one.
          if (statusOf(service) === told) await changeOrAbort(signal);
        }
      }),
    ],
    setServing(value) {
      serving = value && !closed;
      wakeAll();
    },
    close() {
      serving = false;
      closed = true;
      wakeAll();
    },
  };
}
