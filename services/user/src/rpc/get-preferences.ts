import type { MessageInitShape } from '@bufbuild/protobuf';
import { UserService } from '@quotemaster/contract/user';
import type { PreferencesSchema } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { preferenceStore } from '../store/preference-store.ts';
import type { PreferenceRow } from '../store/preference-store.ts';

export const defaultPreferences = { tone: null, language: null, privacy: 'private', theme: 'system' } as const;

export function getPreferences({ postgres }: Pick<Context, 'postgres'>): RpcHandler {
  return handleRpc(UserService.method.getPreferences, async (_request, call) => {
    const row = await preferenceStore.find(postgres.db, call.requirePrincipal().userId);
    return { preferences: toPreferences(row ?? defaultPreferences) };
  });
}

export function toPreferences(row: Omit<PreferenceRow, 'userId' | 'updatedAt'>): MessageInitShape<typeof PreferencesSchema> {
  return {
    ...(row.tone === null ? {} : { tone: row.tone }),
    ...(row.language === null ? {} : { language: row.language }),
    privacy: row.privacy,
    theme: row.theme,
  };
}
