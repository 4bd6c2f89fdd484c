import type { Connection } from './connection.ts';
import { createScript } from './script.ts';

/** In one step on the server, as a consumer that is removed while it holds events takes them with it. */
const lua = `
local removed = 0
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local facts = {}
  for i = 1, #consumer, 2 do facts[consumer[i]] = consumer[i + 1] end
  if facts.pending == 0 and facts.idle > tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], facts.name)
    removed = removed + 1
  end
end
return removed
`;

/**
 * Creates what removes the consumers of a group that have read nothing for an hour and hold nothing: each process is a
 * consumer of its own, and Redis would remember all there ever were. A live one reads once a second.
 */
export function createConsumerPruning(connection: Connection, idleMaxMs = 3_600_000): (stream: string, group: string) => Promise<void> {
  const script = createScript(connection, lua);
  return async (stream, group) => {
    await script('bus_prune', stream, [group, idleMaxMs]);
  };
}
