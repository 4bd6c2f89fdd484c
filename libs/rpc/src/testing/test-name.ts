import { experimental } from '@grpc/grpc-js';

const scheme = 'qm-test';
// grpc-js keeps its resolvers in a register of the process, so that the names behind ours are kept beside it.
const names = new Map<string, readonly string[]>();
let isRegistered = false;
let made = 0;

/** A name with several servers behind it, as a headless Service is in the cluster. */
export interface TestName {
  /** What a client takes as its address. */
  readonly address: string;
  /** Puts other servers ("127.0.0.1:50051") behind the name. Clients learn of it when they next ask, as with DNS. */
  set(addresses: readonly string[]): void;
}

/**
 * Creates a name that resolves to the addresses given, through a resolver scheme of its own.
 *
 * It answers when grpc-js asks and never by itself, and at most once in `grpc.dns_min_time_between_resolutions_ms`: as
 * the DNS resolver does, so that a test sees how soon a client would find a new server.
 */
export function createTestName(addresses: readonly string[]): TestName {
  if (!isRegistered) experimental.registerResolver(scheme, TestResolver);
  isRegistered = true;
  made += 1;
  const name = `name-${String(made)}`;
  names.set(name, addresses);
  return { address: `${scheme}:///${name}`, set: (others) => void names.set(name, others) };
}

class TestResolver implements experimental.Resolver {
  readonly #name: string;
  readonly #listener: experimental.ResolverListener;
  readonly #pauseMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isAsked = false;

  constructor(target: experimental.GrpcUri, listener: experimental.ResolverListener, options: Record<string, unknown>) {
    this.#name = target.path;
    this.#listener = listener;
    this.#pauseMs = Number(options['grpc.dns_min_time_between_resolutions_ms'] ?? 30_000);
  }

  static getDefaultAuthority(target: experimental.GrpcUri): string {
    return target.path;
  }

  updateResolution(): void {
    this.#isAsked = true;
    if (this.#timer === undefined) this.#answer();
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isAsked = false;
  }

  #answer(): void {
    this.#isAsked = false;
    const endpoints = (names.get(this.#name) ?? []).map(toEndpoint);
    // The listener must not be called within updateResolution.
    setImmediate(() => this.#listener(experimental.statusOrFromValue(endpoints), {}, null, ''));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isAsked) this.#answer();
    }, this.#pauseMs);
    this.#timer.unref();
  }
}

function toEndpoint(address: string): experimental.Endpoint {
  const colon = address.lastIndexOf(':');
  return { addresses: [{ host: address.slice(0, colon), port: Number(address.slice(colon + 1)) }] };
}
