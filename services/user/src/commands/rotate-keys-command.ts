import { rotateAccessKeys } from '@quotemaster/auth';
import { readConfig } from '@quotemaster/config';
import { createKeySeal } from '../credentials/key-seal.ts';
import { developmentAccessKeyDir, readDataDir } from '../config.ts';
import { openConfiguredVault } from '../context.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './run-command.ts';

/** Rotates the keys of access tokens: adds one, which signs in ten minutes, and removes those whose last token has died. */
export const rotateKeysCommand: Command = (_args, { env, stdout }) => {
  const config = readConfig(env, (reader) => ({
    dataDir: readDataDir(reader),
    accessKeyDir: reader.optionalString('QM_ACCESS_KEY_DIR'),
    encryptionKeyFile: reader.optionalString('QM_ENCRYPTION_KEY_FILE'),
  }));
  const directory = config.accessKeyDir ?? developmentAccessKeyDir(config.dataDir);
  // A folder of one's own may hold keys in clear, sealed by whoever mounts it; new ones are kept as those there are.
  const seal = createKeySeal(openConfiguredVault(config));
  const { added, removed } = rotateAccessKeys(directory, { seal });
  stdout.write(
    added === undefined
      ? `a new key is about to sign already in ${directory}\n`
      : `${added} was added to ${directory}; it signs in ten minutes\n`,
  );
  if (removed.length > 0) stdout.write(`removed, for their last token has died: ${removed.join(', ')}\n`);
  return Promise.resolve(exitCodes.done);
};
