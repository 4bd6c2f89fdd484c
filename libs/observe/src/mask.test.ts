import { describe, expect, it } from '@jest/globals';
import { Secret } from '@quotemaster/config';
import { AppError, commonErrors } from '@quotemaster/errors';
import fc from 'fast-check';

import { maskFields, maskText } from './mask.ts';

const masked = '[redacted]';

describe('maskFields', () => {
  it.each([
    'password',
    'newPassword',
    'token',
    'accessToken',
    'refresh_token',
    'authorization',
    'Authorization',
    'proxy-authorization',
    'cookie',
    'Set-Cookie',
    'secret',
    'clientSecret',
    'apiKey',
    'api_key',
    'X-API-Key',
    'prompt',
    'text',
    'transcription',
    'body',
    'email',
    'totpCode',
    'DATABASE_URL',
  ])('redacts the value of %s at any depth', (name) => {
    expect(maskFields({ [name]: 'v', list: [{ deep: { [name]: { nested: 1 } } }] })).toEqual({
      [name]: masked,
      list: [{ deep: { [name]: masked } }],
    });
  });

  it('leaves counts, ids and names that only resemble secrets', () => {
    const fields = { inputTokens: 3, textLength: 12, userId: 'u', tokenType: 'Bearer', passwordless: true, missing: null };
    expect(maskFields(fields)).toEqual(fields);
  });

  it('masks secrets inside errors, their causes and their stacks', () => {
    const cause = new Error('connect to postgres://owner:hunter2@db/quote failed');
    const copy = JSON.stringify(maskFields({ err: new Error('mail to eve@example.com bounced', { cause }) }));
    expect(copy).not.toMatch(/hunter2|eve@/);
    expect(copy).toContain(`postgres://${masked}@db/quote`);
    expect(copy).toContain('mask.test.ts');
  });

  it('tells the code and the private sentence of an AppError', () => {
    const copy = maskFields({ err: new AppError(commonErrors.unavailable, { reason: 'the pool is empty' }) });
    expect(copy).toEqual({ err: expect.objectContaining({ type: 'AppError', code: 'common.unavailable', message: 'the pool is empty' }) });
  });

  it('tells each error of an aggregate', () => {
    const copy = maskFields({ err: new AggregateError([new Error('first'), new TypeError('second')], 'both') });
    expect(copy).toEqual({
      err: expect.objectContaining({
        errors: [expect.objectContaining({ message: 'first' }), expect.objectContaining({ type: 'TypeError' })],
      }),
    });
  });

  it('writes what JSON can not: secrets, dates, big numbers, bytes, maps', () => {
    const fields = {
      key: new Secret('hunter2'),
      at: new Date(0),
      big: 10n,
      raw: new Uint8Array(3),
      map: new Map([
        ['password', 'x'],
        ['n', '1'],
      ]),
      set: new Set([1]),
      skip: () => 1,
    };
    expect(maskFields(fields)).toEqual({
      key: masked,
      at: '1970-01-01T00:00:00.000Z',
      big: '10',
      raw: '[3 bytes]',
      map: { password: masked, n: '1' },
      set: [1],
    });
  });

  it('ends on cycles and on endless breadth', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    expect(JSON.stringify(maskFields(cyclic)).length).toBeLessThan(200);
    const wide = JSON.stringify(maskFields({ rows: Array.from({ length: 50_000 }, (_, id) => ({ id })) }));
    expect(wide.length).toBeLessThan(20_000);
    expect(wide).toContain('[more]');
  });
});

describe('maskText', () => {
  it.each([
    ['Bearer abc.def-ghi', `Bearer ${masked}`],
    ['authorization: bearer abc', `authorization: Bearer ${masked}`],
    ['token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln ended', `token ${masked} ended`],
    ['key qm_live_4f9a8b7c6d refused', `key ${masked} refused`],
    ['token qmr_4f9a8b7c6d2e refused', `token ${masked} refused`],
    ['sk-proj-0123456789abcdef', masked],
    ['Key (email)=(ann.o+tag@mail.example.co.uk) exists', `Key (email)=(${masked}) exists`],
    ['für jörg@münchen.example', `für ${masked}`],
    ['redis://:pw@cache:6379/0', `redis://${masked}@cache:6379/0`],
  ])('masks %p', (text, expected) => {
    expect(maskText(text)).toBe(expected);
  });

  it.each(['node_modules/@opentelemetry/api', 'pino@10.4.0', 'http://127.0.0.1:8080/a?b=c', 'task-12345678901234567890', 'a @ b'])(
    'leaves %p',
    (text) => {
      expect(maskText(text)).toBe(text);
    },
  );

  it('finds an address whatever stands around it', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,20}$/);
    const around = fc.stringMatching(/^(?:[ -~]{0,40}[ ("'<,;:])?$/);
    fc.assert(
      fc.property(around, word, word, around, (before, local, domain, after) => {
        expect(maskText(`${before}${local}@${domain}.example ${after}`)).not.toContain(`${local}@${domain}.example`);
      }),
    );
  });

  it('cuts what is too long to search, and takes linear time over hostile input', () => {
    const hostile = `${'a.'.repeat(100_000)}@`;
    expect(maskText(hostile)).toHaveLength(8_193);
  });
});
