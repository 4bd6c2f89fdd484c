import { createHash } from 'node:crypto';
import type { Client, Connection } from './connection.ts';

/** Runs one Lua script on one key by its hash, and sends its text where the server does not know it yet. */
export type Script = (operation: string, key: string, args: readonly (string | number)[]) => Promise<unknown>;

/** Creates a runner for `lua`. */
export function createScript(connection: Connection, lua: string): Script {
  const hash = createHash('sha1').update(lua).digest('hex');
  const run = async (client: Client, key: string, args: readonly (string | number)[]): Promise<unknown> => {
    try {
      return await client.evalsha(hash, 1, key, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await client.eval(lua, 1, key, ...args);
    }
  };
  return (operation, key, args) => connection.run(operation, (client) => run(client, key, args));
}
