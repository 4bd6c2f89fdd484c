import { aiErrors } from '@quotemaster/contract/ai';
import { AppError } from '@quotemaster/errors';
import type { Clock } from '@quotemaster/lifecycle';
import type { AiConfig } from '../ai-config/ai-config.ts';
import { begun } from '../domain/breaker.ts';
import type { BreakerState } from '../domain/breaker.ts';
import { choose } from '../domain/choose.ts';
import type { Option } from '../domain/choose.ts';
import { newRecord, withCallEnd } from '../domain/record.ts';
import type { CallEnd, ProviderRecord } from '../domain/record.ts';
import type { ModelPrice } from '../providers/price.ts';
import type { ChatProvider, Provider, ProviderModel } from '../providers/provider.ts';

/** One chat model of one provider. */
export interface Candidate {
  /** "provider/model". */
  readonly key: string;
  readonly provider: ChatProvider;
  readonly model: ProviderModel;
}

/** A candidate whose call has begun. */
export interface Turn {
  readonly candidate: Candidate;
  /** Tells how the call ended; to be called once, whatever happened. */
  end(end: CallEnd): void;
}

/** The chat models of all providers, and what is known of each. */
export interface Candidates {
  /**
   * Finds those that a request's model names: "provider/model", a model's name wherever it is served, or, for an empty name
   * or `auto`, each provider's default model.
   * @throws AppError `ai.unknown_model`; `ai.no_provider` where there is none at all.
   */
  named(name: string): readonly Candidate[];
  /**
   * Chooses one of `first`, or, when none of those may be asked now, of `then`, and begins its call.
   * @throws AppError `ai.no_provider` when none of either may be asked; its metadata says why, by candidate.
   */
  begin(first: readonly Candidate[], then: readonly Candidate[]): Turn;
}

export interface CandidatesOptions {
  readonly providers: readonly Provider[];
  readonly config: Pick<AiConfig, 'breaker' | 'selection'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Hears of each change of a breaker. */
  onBreaker?(candidate: Candidate, state: BreakerState['kind']): void;
}

export function createCandidates({ providers, config, clock, onBreaker }: CandidatesOptions): Candidates {
  const policy = { breaker: config.breaker, weights: config.selection };
  const all = providers
    .filter(isChatProvider)
    .flatMap((provider) =>
      provider.models
        .filter(({ operation }) => operation === 'chat')
        .map((model, index) => ({ key: `${provider.id}/${model.name}`, provider, model, isDefault: index === 0 })),
    );
  const records = new Map<string, ProviderRecord>(all.map(({ key }) => [key, newRecord]));
  const recordOf = ({ key }: Candidate): ProviderRecord => records.get(key) ?? newRecord;

  const toOption = (candidate: Candidate): Option & { readonly candidate: Candidate } => ({
    key: candidate.key,
    candidate,
    record: recordOf(candidate),
    costUsd: costOfThousand(candidate.model.price),
  });

  function keep(candidate: Candidate, next: ProviderRecord): void {
    const before = recordOf(candidate).breaker.kind;
    records.set(candidate.key, next);
    if (next.breaker.kind !== before) onBreaker?.(candidate, next.breaker.kind);
  }

  return {
    named(name) {
      const found =
        name === '' || name === 'auto'
          ? all.filter(({ isDefault }) => isDefault)
          : all.filter(({ key, model }) => key === name || model.name === name);
      if (all.length === 0) throw new AppError(aiErrors.noProvider, { reason: 'no provider is set' });
      if (found.length === 0) throw new AppError(aiErrors.unknownModel, { reason: `no provider serves the model ${JSON.stringify(name)}` });
      return found;
    },
    begin(first, then) {
      const now = clock.monotonic();
      const among = choose(first.map(toOption), now, policy);
      const rest = among.chosen === undefined ? choose(then.map(toOption), now, policy) : undefined;
      const chosen = among.chosen ?? rest?.chosen;
      if (chosen === undefined) {
        const excluded = [...among.excluded, ...(rest?.excluded ?? [])];
        throw new AppError(aiErrors.noProvider, {
          reason: 'every candidate is excluded',
          retryAfterMs: Math.max(1_000, Math.min(...excluded.map(({ retryAfterMs }) => retryAfterMs))),
          metadata: Object.fromEntries(excluded.map(({ key, reason }) => [key, reason])),
        });
      }
      const { candidate, record } = chosen;
      keep(candidate, { ...record, breaker: begun(record.breaker, now) });
      return {
        candidate,
        end: (end) => keep(candidate, withCallEnd(recordOf(candidate), end, clock.monotonic(), config.breaker)),
      };
    },
  };
}

function isChatProvider(provider: Provider): provider is ChatProvider {
  return provider.complete !== undefined && provider.stream !== undefined;
}

/** In US dollars, for a request of ours: about four tokens of prompt to one of answer. */
function costOfThousand({ inputPerMillion, outputPerMillion }: ModelPrice): number {
  return (Number(inputPerMillion) * 0.8 + Number(outputPerMillion) * 0.2) / 1_000_000_000;
}
