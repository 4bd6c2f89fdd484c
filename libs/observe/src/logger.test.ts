import { describe, expect, it } from '@jest/globals';
import { readConfig } from '@quotemaster/config';

import { createLogger, readLogLevel } from './logger.ts';

function memory(): { lines: string[]; write(line: string): void } {
  const lines: string[] = [];
  return {
    lines,
    write: (line) => {
      lines.push(line);
    },
  };
}

describe('createLogger', () => {
  it('writes one JSON line an event, fixed fields first', () => {
    const destination = memory();
    createLogger({ service: 'quote', destination }).info({ quoteId: 'q1', note: 'two\nlines' }, 'a quote was stored');
    expect(destination.lines).toHaveLength(1);
    expect(destination.lines[0]).toMatch(
      /^\{"level":"info","time":"\d{4}-\d\d-\d\dT[\d:.]+Z","service":"quote",.*"msg":"a quote was stored"\}\n$/,
    );
    expect(destination.lines[0]!.trimEnd()).not.toContain('\n');
  });

  it('masks fields, the fields of children, and the message', () => {
    const destination = memory();
    createLogger({ service: 'quote', destination })
      .child({ apiKey: 'hunter2' })
      .warn({ email: 'hunter2', err: new Error('a@hunter2.example') }, 'sent to b@hunter2.example');
    expect(destination.lines.join('')).not.toContain('hunter2');
    expect(JSON.parse(destination.lines[0]!)).toMatchObject({ err: { type: 'Error', message: '[redacted]' } });
  });

  it('takes a bare error for `err`', () => {
    const destination = memory();
    createLogger({ service: 'quote', destination }).error(new TypeError('odd'), 'it failed');
    expect(JSON.parse(destination.lines[0]!)).toMatchObject({ err: { type: 'TypeError', message: 'odd' }, msg: 'it failed' });
  });

  it('keeps the fixed fields its own', () => {
    const destination = memory();
    createLogger({ service: 'quote', destination }).child({ service: 'x' }).info({ level: 9, msg: 'y', time: 0 }, 'z');
    expect(JSON.parse(destination.lines[0]!)).toMatchObject({
      service: 'quote',
      level: 'info',
      msg: 'z',
      field_service: 'x',
      field_level: 9,
      field_msg: 'y',
      field_time: 0,
    });
  });

  it('writes the line though a field can not be read', () => {
    const destination = memory();
    createLogger({ service: 'quote', destination }).info(
      {
        get broken() {
          throw new RangeError('no');
        },
      },
      'still here',
    );
    expect(JSON.parse(destination.lines[0]!)).toMatchObject({ msg: 'still here', unreadable_fields: 'RangeError' });
  });

  it('leaves out what lies below its level', () => {
    const destination = memory();
    const logger = createLogger({ service: 'quote', level: 'warn', destination });
    logger.debug({}, 'a');
    logger.child({}).info({}, 'b');
    logger.error({}, 'c');
    expect(destination.lines).toHaveLength(1);
  });
});

describe('readLogLevel', () => {
  it('reads QM_LOG_LEVEL, info when unset, and refuses other words', () => {
    expect(readConfig({}, readLogLevel)).toBe('info');
    expect(readConfig({ QM_LOG_LEVEL: 'debug' }, readLogLevel)).toBe('debug');
    expect(() => readConfig({ QM_LOG_LEVEL: 'loud' }, readLogLevel)).toThrow(
      /QM_LOG_LEVEL: expected one of debug, info, warn, error, silent, found "loud"/,
    );
  });
});
