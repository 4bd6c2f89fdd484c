import type { Clock, Component } from '@quotemaster/lifecycle';
import type { Logger, Metrics } from '@quotemaster/observe';
import { createRepeater } from '@quotemaster/postgres';
import { surelyWell } from '../domain/success.ts';
import type { Provider } from '../providers/provider.ts';
import { untilAborted } from '../providers/until-aborted.ts';
import type { Member, Pool } from '../selection/pool.ts';

/** What is known of a provider's health, beside its breakers. */
export interface ProviderHealth {
  readonly healthy: boolean;
  /** Milliseconds of the epoch; undefined before the first probe. */
  readonly probedAt: number | undefined;
  /** What the last probe failed with, in the words of metrics; undefined where it went well. */
  readonly failure: string | undefined;
}

export interface HealthMonitor extends Component {
  healthOf(providerId: string): ProviderHealth;
}

const everyMs = 10_000;
/** Who has answered or failed so lately needs no probe. */
const freshMs = 30_000;
/** Fewer good calls than this are no good health. */
const successMin = 0.5;
const probeTimeoutMs = 5_000;
const probesAtOnceMax = 8;

/**
 * Asks each provider now and then for something that costs nothing, so that its health is known while nobody calls it. A provider is
 * healthy unless its probe fails, or the circuits of all its models are open or most of their calls fail. Probes change no breaker: a list of models
 * that comes says nothing of answers.
 */
export function createHealthMonitor(options: { pool: Pool; clock: Clock; logger: Logger; metrics: Metrics }): HealthMonitor {
  const { pool, clock, logger, metrics } = options;
  const startedAt = clock.monotonic();
  const probed = new Map<string, { at: number; failure: string | undefined }>();

  const membersOf = (providerId: string): readonly Member[] => pool.members().filter(({ provider }) => provider.id === providerId);

  async function probe(provider: Provider, stopping: AbortSignal): Promise<void> {
    if (provider.probe === undefined || !pool.overrideOf(provider.id).enabled) return;
    const now = clock.monotonic();
    if (membersOf(provider.id).some((member) => pool.record(member).samples > 0 && now - pool.record(member).success.at < freshMs)) {
      probed.delete(provider.id);
      return;
    }
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(probeTimeoutMs)]);
    let failure: string | undefined;
    try {
      await untilAborted(signal, provider.probe({ signal, timeoutMs: probeTimeoutMs }));
    } catch (error) {
      if (stopping.aborted) return;
      failure = error instanceof Error && 'kind' in error ? String(error.kind) : 'timeout';
    }
    probed.set(provider.id, { at: clock.now(), failure });
  }

  function healthOf(providerId: string): ProviderHealth {
    const known = membersOf(providerId)
      .map((member) => pool.record(member))
      .filter(({ samples }) => samples > 0);
    const last = probed.get(providerId);
    const now = clock.monotonic();
    const isUnwell =
      known.length > 0 && known.every(({ breaker, success }) => breaker.kind === 'open' || surelyWell(success, now) < successMin);
    // A limit that is used up is a provider in good health.
    const isAway = last?.failure !== undefined && last.failure !== 'quota';
    return { healthy: !isUnwell && !isAway, probedAt: last?.at, failure: last?.failure };
  }

  metrics.gauge('ai_service_health', '1 while the provider is in good health, else 0.', ['provider'], (gauge) => {
    gauge.reset();
    for (const { id } of providersOf(pool)) gauge.set({ provider: id }, healthOf(id).healthy ? 1 : 0);
  });

  const repeater = createRepeater({
    everyMs,
    async run(signal) {
      // Whoever has just started learns from calls first.
      if (clock.monotonic() - startedAt < everyMs) return false;
      const providers = providersOf(pool);
      for (let from = 0; from < providers.length && !signal.aborted; from += probesAtOnceMax) {
        await Promise.all(providers.slice(from, from + probesAtOnceMax).map((provider) => probe(provider, signal)));
      }
      return false;
    },
    onError: (error) => logger.warn({ err: error }, 'providers could not be probed'),
  });
  return { name: 'health monitor', healthOf, start: () => repeater.start(), stop: () => repeater.stop() };
}

function providersOf(pool: Pool): readonly Provider[] {
  return [...new Map(pool.members().map(({ provider }) => [provider.id, provider])).values()];
}
