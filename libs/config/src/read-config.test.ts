import { describe, expect, it } from '@jest/globals';

import { ConfigError } from './config-error.ts';
import { toListenError } from './listen-error.ts';
import { readConfig } from './read-config.ts';
import type { ConfigReader, Environment } from './read-config.ts';

/** The faults that reading gives, as `VARIABLE: expected …, found …` lines. */
function faultsOf(env: Environment, read: (reader: ConfigReader) => unknown): string {
  try {
    readConfig(env, read);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('readConfig', () => {
  it('tells every fault at once, each with variable, expectation and finding', () => {
    const faults = faultsOf({ PORT: 'http', MODE: 'fast', FLAG: 'yes', ADDRESS: 'nowhere', COUNT: '11' }, (env) => [
      env.port('PORT'),
      env.oneOf('MODE', ['slow', 'slower']),
      env.boolean('FLAG', false),
      env.url('ADDRESS', ['http', 'https']),
      env.integer('COUNT', 5, { min: 1, max: 10 }),
      env.string('NAME'),
      env.secret('KEY'),
    ]);
    expect(faults.split('\n')).toEqual([
      'PORT: expected a whole number from 0 to 65535, found "http"',
      'MODE: expected one of slow, slower, found "fast"',
      'FLAG: expected true or false, found "yes"',
      'ADDRESS: expected a URL such as http://host, found "nowhere"',
      'COUNT: expected a whole number from 1 to 10, found "11"',
      'NAME: expected some text, found nothing',
      'KEY: expected a secret, found nothing',
    ]);
  });

  it('gives what was read when there is no fault', () => {
    const env = { PORT: ' 8080 ', MODE: 'slow', FLAG: 'true', ADDRESS: 'http://a/b', LIST: ' a, ,b ', KEY: 'k' };
    const config = readConfig(env, (reader) => ({
      port: reader.port('PORT'),
      mode: reader.oneOf('MODE', ['slow', 'slower']),
      flag: reader.boolean('FLAG', false),
      address: reader.url('ADDRESS', ['http']),
      list: reader.list('LIST'),
      key: reader.secret('KEY').reveal(),
    }));
    expect(config).toEqual({ port: 8080, mode: 'slow', flag: true, address: 'http://a/b', list: ['a', 'b'], key: 'k' });
  });

  it('takes unset and empty alike: the fallback, or undefined for what is optional', () => {
    for (const env of [{}, { NAME: '', KEY: ' ', ADDRESS: '' }]) {
      const config = readConfig(env, (reader) => [
        reader.string('NAME', 'x'),
        reader.optionalString('NAME'),
        reader.optionalSecret('KEY'),
        reader.optionalUrl('ADDRESS', ['http']),
        reader.optionalSecretUrl('ADDRESS', ['http']),
        reader.list('LIST'),
        reader.list('LIST', ['a']),
        reader.url('ADDRESS', ['http'], 'http://f'),
      ]);
      expect(config).toEqual(['x', undefined, undefined, undefined, undefined, [], ['a'], 'http://f']);
    }
  });

  it.each(['0', '-1', '101', '1.5', '1e1', '0x10', '99999999999999999999', 'NaN', 'Infinity'])(
    'refuses %p as a whole number from 1 to 100',
    (text) => {
      expect(faultsOf({ COUNT: text }, (env) => env.integer('COUNT', 1, { min: 1, max: 100 }))).toContain(
        'COUNT: expected a whole number from 1 to 100',
      );
    },
  );

  it.each(['1', '100'])('takes the bound %s itself', (text) => {
    expect(readConfig({ COUNT: text }, (env) => env.integer('COUNT', 1, { min: 1, max: 100 }))).toBe(Number(text));
  });

  it('never prints the URL of a secret, only that it is wrong', () => {
    const faults = faultsOf({ DATABASE_URL: 'mysql://ann:hunter2@db' }, (env) => env.optionalSecretUrl('DATABASE_URL', ['postgres']));
    expect(faults).toBe('DATABASE_URL: expected a URL such as postgres://host, found something else (not shown)');
  });

  it('takes faults found by other means', () => {
    expect(faultsOf({}, (env) => env.fault({ variable: 'KEY_FILE', expected: 'a PEM file', found: 'a folder' }))).toBe(
      'KEY_FILE: expected a PEM file, found a folder',
    );
  });
});

describe('toListenError', () => {
  it.each([
    ['EADDRINUSE', 'QM_HTTP_PORT: expected a free port, found port 80, which another program uses'],
    ['EACCES', 'QM_HTTP_PORT: expected a free port, found port 80, which this user may not open'],
  ])('tells %s as a fault of the variable', (code, message) => {
    const error = toListenError(Object.assign(new Error('listen'), { code }), 'QM_HTTP_PORT', 80);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ message, exitCode: 78 });
  });

  it('gives any other error back', () => {
    const error = new Error('listen');
    expect(toListenError(error, 'QM_HTTP_PORT', 80)).toBe(error);
  });
});
