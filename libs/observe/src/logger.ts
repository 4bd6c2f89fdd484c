import { isSpanContextValid, trace } from '@opentelemetry/api';
import type { ConfigReader } from '@quotemaster/config';
import { pino, stdTimeFunctions } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';

import { maskFields, maskText } from './mask.ts';

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A structured logger. `message` is a fixed sentence, what varies stands in `fields`; an error goes under `err`. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Gives a logger that adds `fields` to each of its lines. */
  child(fields: object): Logger;
}

/**
 * Creates a logger that writes one JSON line an event: `level`, `time` (RFC 3339, UTC), `service`, `trace_id` and `span_id` of
 * the active span, the fields, and `msg`.
 *
 * Secrets are masked in fields and message, by name and by form. A field named like a fixed one is written as `field_<name>`.
 * Lines go to standard output unless a destination is given; a field that can't be read never makes the caller fail.
 */
export function createLogger(options: { service: string; level?: LogLevel; destination?: DestinationStream }): Logger {
  const { service, level = 'info', destination } = options;
  const settings = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: activeSpanFields,
    // Errors are plain objects by then; pino's own serializer would take them for something else.
    serializers: { err: (value: unknown) => value },
  };
  return wrap(destination === undefined ? pino(settings) : pino(settings, destination));
}

/** Reads QM_LOG_LEVEL: debug, info (the default), warn, error or silent. */
export function readLogLevel(reader: ConfigReader): LogLevel {
  return reader.oneOf('QM_LOG_LEVEL', logLevels, 'info');
}

function wrap(target: PinoLogger): Logger {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: object, message: string): void => {
      if (target.isLevelEnabled(level)) target[level](loggable(fields), maskText(message));
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => wrap(target.child(loggable(fields))),
  };
}

const fixedFields = ['level', 'time', 'service', 'trace_id', 'span_id', 'msg'];

function loggable(fields: object): Record<string, unknown> {
  try {
    const copy = maskFields(fields instanceof Error ? { err: fields } : fields);
    return Object.fromEntries(Object.entries(copy).map(([name, value]) => [fixedFields.includes(name) ? `field_${name}` : name, value]));
  } catch (error) {
    // A getter or toJSON of someone else's object threw: the line is worth more than its fields.
    return { unreadable_fields: error instanceof Error ? error.name : 'unknown' };
  }
}

function activeSpanFields(): object {
  const context = trace.getActiveSpan()?.spanContext();
  return context === undefined || !isSpanContextValid(context) ? {} : { trace_id: context.traceId, span_id: context.spanId };
}
