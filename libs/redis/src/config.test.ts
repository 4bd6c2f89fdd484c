import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig } from '@quotemaster/config';
import { readRedisConfig } from './config.ts';

const read = (env: Record<string, string>) => readConfig(env, readRedisConfig);

function faultsOf(env: Record<string, string>): string {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return JSON.stringify(error.faults);
    throw error;
  }
  return 'none';
}

describe('the config of Redis', () => {
  it('is absent where no address is set', () => {
    expect(read({ REDIS_PASSWORD: 'hunter2' })).toBeUndefined();
  });

  it('is one server by its URL, which does not show', () => {
    const config = read({ REDIS_URL: 'rediss://app:hunter2@redis.internal:6380/1' });
    expect(config?.url?.reveal()).toBe('rediss://app:hunter2@redis.internal:6380/1');
    expect(config).toMatchObject({ clusterNodes: [], username: undefined, tls: false, commandTimeoutMs: 100 });
    expect(JSON.stringify(config)).not.toContain('hunter2');
  });

  it('is a cluster by some of its nodes', () => {
    const config = read({
      REDIS_CLUSTER_NODES: 'redis-headless:6379, 10.0.0.7:7000,[::1]:7001',
      REDIS_USERNAME: 'app',
      REDIS_PASSWORD: 'hunter2',
      REDIS_TLS: 'true',
      QM_REDIS_COMMAND_TIMEOUT_MS: '50',
    });
    expect(config).toMatchObject({ url: undefined, username: 'app', tls: true, commandTimeoutMs: 50 });
    expect(config?.clusterNodes).toEqual([
      { host: 'redis-headless', port: 6379 },
      { host: '10.0.0.7', port: 7000 },
      { host: '::1', port: 7001 },
    ]);
    expect(config?.password?.reveal()).toBe('hunter2');
  });

  it.each([
    ['a URL that is none', { REDIS_URL: 'localhost' }, 'REDIS_URL'],
    ['a URL of something else', { REDIS_URL: 'http://app:hunter2@redis' }, 'REDIS_URL'],
    ['a node without a port', { REDIS_CLUSTER_NODES: 'redis' }, 'REDIS_CLUSTER_NODES'],
    ['a node with a port that can not be', { REDIS_CLUSTER_NODES: 'redis:70000' }, 'REDIS_CLUSTER_NODES'],
    ['both addresses', { REDIS_URL: 'redis://redis', REDIS_CLUSTER_NODES: 'redis:6379' }, 'REDIS_CLUSTER_NODES'],
    ['a time-out out of bounds', { REDIS_URL: 'redis://redis', QM_REDIS_COMMAND_TIMEOUT_MS: '1' }, 'QM_REDIS_COMMAND_TIMEOUT_MS'],
  ])('refuses %s by the variable’s name, and shows no secret', (_, env, variable) => {
    const faults = faultsOf(env);
    expect(faults).toContain(variable);
    expect(faults).not.toContain('hunter2');
  });
});
