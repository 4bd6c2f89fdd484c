import { UserService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { preferenceStore } from '../store/preference-store.ts';
import { defaultPreferences, toPreferences } from './get-preferences.ts';

export function updatePreferences({ clock, postgres }: Pick<Context, 'clock' | 'postgres'>): RpcHandler {
  return handleRpc(UserService.method.updatePreferences, async ({ tone, language, privacy, theme }, call) => {
    const row = {
      userId: call.requirePrincipal().userId,
      tone: tone?.normalize('NFC') ?? defaultPreferences.tone,
      language: language ?? defaultPreferences.language,
      privacy: privacy ?? defaultPreferences.privacy,
      theme: theme ?? defaultPreferences.theme,
      updatedAt: new Date(clock.now()),
    };
    await preferenceStore.put(postgres.db, row);
    return { preferences: toPreferences(row) };
  });
}
