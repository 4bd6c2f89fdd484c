import { format, inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';

import { Secret } from './secret.ts';

describe('a secret', () => {
  const secret = new Secret('hunter2');
  const nested = { list: [{ secret }] };

  it.each([
    ['a template', () => `key: ${String(secret)}`],
    ['concatenation', () => 'key: '.concat(secret as never)],
    ['JSON', () => JSON.stringify(nested)],
    ['util.inspect, hidden fields included', () => inspect(nested, { depth: null, showHidden: true })],
    ['util.format', () => format('%s %j %o', secret, secret, secret)],
    ['its own keys', () => JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret).map(String)])],
  ])('does not show in %s', (_, print) => {
    expect(print()).not.toContain('hunter2');
  });

  it('is given by reveal alone', () => {
    expect(secret.reveal()).toBe('hunter2');
    expect(String(secret)).toBe('[redacted]');
  });
});
