import { ConfigError } from '@quotemaster/config';
import type { Environment } from '@quotemaster/config';
import { exitCodes } from './exit-codes.ts';
import { migrateCommand } from './migrate-command.ts';
import { roleCommand } from './role-command.ts';
import { rotateEncryptionKeyCommand } from './rotate-encryption-key-command.ts';
import { rotateKeysCommand } from './rotate-keys-command.ts';

/** What a command needs of the process, so that tests can pass another. */
export interface CommandHost {
  readonly env: Environment;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** A command prints what it did and gives the exit code. */
export type Command = (args: readonly string[], host: CommandHost) => Promise<number>;

const commands: Readonly<Record<string, Command>> = {
  migrate: migrateCommand,
  role: roleCommand,
  'rotate-keys': rotateKeysCommand,
  'rotate-encryption-key': rotateEncryptionKeyCommand,
};

/** Runs one command to its end and gives the exit code: 0 done, 1 failed, 64 used wrongly, 78 for a bad environment. */
export async function runCommand(name: string, args: readonly string[], host: CommandHost): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    host.stderr.write(`unknown command ${JSON.stringify(name)}; there are: ${Object.keys(commands).join(', ')}\n`);
    return exitCodes.usage;
  }
  try {
    return await command(args, host);
  } catch (error) {
    host.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof ConfigError ? exitCodes.config : exitCodes.failed;
  }
}
