import { ProviderService, providerErrors } from '@quotemaster/contract/ai';
import { AppError } from '@quotemaster/errors';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { membersByProvider, toProviderMessage } from './to-provider-message.ts';

const fields = ['enabled', 'draining', 'weight'] as const;
const isField = (path: string): path is (typeof fields)[number] => (fields as readonly string[]).includes(path);

type UpdateContext = Pick<Context, 'pool' | 'health' | 'clock' | 'overrides'>;

/** Stores what an administrator decides about a provider, and takes it over at once; other replicas read it within seconds. */
export function updateProvider(context: UpdateContext): RpcHandler {
  const { pool, clock, overrides } = context;
  return handleRpc(ProviderService.method.updateProvider, async (request, call) => {
    const { userId } = call.requirePrincipal();
    const members = membersByProvider(pool).get(request.id);
    if (members === undefined) throw new AppError(providerErrors.providerNotFound);
    const paths = request.updateMask?.paths ?? [];
    const stored = await overrides.all();
    const before = stored.get(request.id) ?? pool.overrideOf(request.id);
    const next = {
      enabled: paths.includes('enabled') ? (request.enabled ?? before.enabled) : before.enabled,
      draining: paths.includes('draining') ? (request.draining ?? before.draining) : before.draining,
      weight: paths.includes('weight') ? request.weight : before.weight,
    };
    await overrides.put(request.id, next, { fields: paths.filter(isField), now: new Date(clock.now()), userId });
    pool.setOverrides(await overrides.all());
    call.logger.warn({ provider: request.id, ...next }, 'an administrator changed a provider');
    return { provider: toProviderMessage(context, request.id, members) };
  });
}
