import { describe, expect, it } from '@jest/globals';
import { aiErrors } from '@quotemaster/contract/ai';
import { isAppError } from '@quotemaster/errors';
import { chooseProvider } from './choose-provider.ts';

const offline = { id: 'offline', models: ['composer-1', 'composer-2'] };
const other = { id: 'other', models: ['large'] };

function failureOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('chooseProvider', () => {
  it.each(['', 'auto'])('takes the first provider with its default model for %p', (name) => {
    expect(chooseProvider([offline, other], name)).toEqual({ provider: offline, model: 'composer-1' });
  });

  it('finds the one named', () => {
    expect(chooseProvider([offline, other], 'offline/composer-2')).toEqual({ provider: offline, model: 'composer-2' });
    expect(chooseProvider([offline, other], 'other/large')).toEqual({ provider: other, model: 'large' });
  });

  it.each(['large', 'other', 'offline/large', 'other/', '/large', 'AUTO'])('does not know %p', (name) => {
    expect(
      isAppError(
        failureOf(() => chooseProvider([offline, other], name)),
        aiErrors.unknownModel,
      ),
    ).toBe(true);
  });

  it('says so where there is no provider', () => {
    expect(
      isAppError(
        failureOf(() => chooseProvider([], 'auto')),
        aiErrors.noProvider,
      ),
    ).toBe(true);
  });
});
