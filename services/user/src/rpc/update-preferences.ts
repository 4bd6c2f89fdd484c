import { UserService, userErrors } from '@quotemaster/contract/user';
import { AppError } from '@quotemaster/errors';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { preferenceStore } from '../store/preference-store.ts';
import { userStore } from '../store/user-store.ts';
import { defaultPreferences, toPreferences } from './get-preferences.ts';

export function updatePreferences({ clock, postgres }: Pick<Context, 'clock' | 'postgres'>): RpcHandler {
  return handleRpc(UserService.method.updatePreferences, async ({ tone, language, privacy, theme }, call) => {
    const { userId } = call.requirePrincipal();
    if ((await userStore.findById(postgres.db, userId)) === undefined) throw new AppError(userErrors.notFound);
    const row = {
      userId,
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
