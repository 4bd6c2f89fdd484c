import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { AiModelSchema, AiProviderSchema } from '@quotemaster/contract/ai';
import type { Context } from '../context.ts';
import { headroomNow } from '../domain/quota-gate.ts';
import { surelyWell } from '../domain/success.ts';
import { costOfThousand } from '../selection/pool.ts';
import type { Member } from '../selection/pool.ts';

type ProviderContext = Pick<Context, 'pool' | 'health' | 'clock'>;

/** Shows a provider as this process knows it now; `members` are its models, at least one. */
export function toProviderMessage(
  { pool, health, clock }: ProviderContext,
  id: string,
  members: readonly Member[],
): MessageInitShape<typeof AiProviderSchema> {
  const { enabled, draining, weight } = pool.overrideOf(id);
  const { healthy, probedAt, failure } = health.healthOf(id);
  const now = clock.monotonic();
  const [first] = members;
  const slots = first === undefined ? undefined : pool.slots(first);
  return {
    ...{ id, enabled, draining, healthy, weight: weight ?? pool.trafficOf(id).weight },
    ...(failure === undefined ? {} : { probeFailure: failure }),
    ...(probedAt === undefined ? {} : { probedAt: timestampFromMs(probedAt) }),
    inFlight: slots?.inFlight ?? 0,
    inFlightMax: slots?.max ?? 0,
    waiting: slots?.waiting ?? 0,
    models: members.map((member) => toModel(pool, member, now)),
  };
}

function toModel(pool: ProviderContext['pool'], member: Member, now: number): MessageInitShape<typeof AiModelSchema> {
  const { breaker, quota, success, samples, whole, firstToken, perToken, wholes } = pool.record(member);
  const p95Ms = wholes.quantile(0.95, now, 20);
  return {
    ...{ name: member.model.name, operation: member.model.operation, breakerState: breaker.kind, samples },
    ...(breaker.kind === 'open' ? { breakerOpensInMs: Math.max(0, Math.round(breaker.until - now)) } : {}),
    success: surelyWell(success, now),
    ...(whole === undefined ? {} : { latencyMs: whole.ms }),
    ...(firstToken === undefined ? {} : { firstTokenMs: firstToken.ms }),
    ...(perToken === undefined ? {} : { perTokenMs: perToken.ms }),
    ...(p95Ms === undefined ? {} : { p95Ms }),
    costPerThousandTokensUsd: costOfThousand(member.model.price),
    quotaHeadroom: headroomNow(quota, now),
    ...(quota.until > now ? { quotaWaitMs: Math.round(quota.until - now) } : {}),
  };
}

/** The members of the pool by provider, in the order of the config. */
export function membersByProvider(pool: ProviderContext['pool']): ReadonlyMap<string, readonly Member[]> {
  return Map.groupBy(pool.members(), ({ provider }) => provider.id);
}
