import type { KeyValueStore } from '../face.ts';
import type { Connection } from './connection.ts';

/** Creates the string store on Redis. Keys get the prefix `qm:`. */
export function createRedisKv(connection: Connection): KeyValueStore {
  return {
    get: async (key) => (await connection.run('get', (client) => client.get(`qm:${key}`))) ?? undefined,
    set: async (key, value, ttlMs) => {
      await connection.run('set', (client) => client.set(`qm:${key}`, value, 'PX', Math.max(1, Math.ceil(ttlMs))));
    },
    setIfAbsent: async (key, value, ttlMs) => {
      const done = await connection.run('set_if_absent', (client) =>
        client.set(`qm:${key}`, value, 'PX', Math.max(1, Math.ceil(ttlMs)), 'NX'),
      );
      return done === 'OK';
    },
    delete: async (key) => {
      await connection.run('delete', (client) => client.unlink(`qm:${key}`));
    },
  };
}
