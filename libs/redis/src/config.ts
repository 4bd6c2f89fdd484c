import type { ConfigReader, Secret } from '@quotemaster/config';

export interface RedisConfig {
  /** One server; absent where `clusterNodes` names a cluster. */
  readonly url: Secret | undefined;
  /** `host:port` of some nodes of a cluster, or none. */
  readonly clusterNodes: readonly { readonly host: string; readonly port: number }[];
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  readonly tls: boolean;
  /** How long a command may take, in milliseconds. A slow Redis is worse than a dead one. */
  readonly commandTimeoutMs: number;
}

/** Reads REDIS_URL or REDIS_CLUSTER_NODES, REDIS_USERNAME, REDIS_PASSWORD and REDIS_TLS; undefined where neither address is set. */
export function readRedisConfig(reader: ConfigReader): RedisConfig | undefined {
  const url = reader.optionalSecretUrl('REDIS_URL', ['redis', 'rediss']);
  const nodes = reader.list('REDIS_CLUSTER_NODES');
  const clusterNodes = nodes.flatMap((node) => parseNode(reader, node));
  const rest = {
    username: reader.optionalString('REDIS_USERNAME'),
    password: reader.optionalSecret('REDIS_PASSWORD'),
    tls: reader.boolean('REDIS_TLS', false),
    commandTimeoutMs: reader.integer('QM_REDIS_COMMAND_TIMEOUT_MS', 100, { min: 10, max: 10_000 }),
  };
  if (url !== undefined && nodes.length > 0) {
    reader.fault({ variable: 'REDIS_CLUSTER_NODES', expected: 'nothing, as REDIS_URL is set', found: JSON.stringify(nodes.join(',')) });
  }
  return url === undefined && nodes.length === 0 ? undefined : { url, clusterNodes, ...rest };
}

function parseNode(reader: ConfigReader, node: string): { host: string; port: number }[] {
  const match = /^(?<host>[^:\s]+|\[[0-9a-f:]+\]):(?<port>\d{1,5})$/i.exec(node);
  const port = Number(match?.groups?.['port']);
  const host = match?.groups?.['host']?.replace(/^\[|\]$/g, '');
  if (host !== undefined && port > 0 && port < 65_536) return [{ host, port }];
  reader.fault({ variable: 'REDIS_CLUSTER_NODES', expected: 'host:port, separated by commas', found: JSON.stringify(node) });
  return [];
}
