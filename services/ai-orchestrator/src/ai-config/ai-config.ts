import { readFileSync } from 'node:fs';
import type { ConfigReader } from '@quotemaster/config';
import { parse as parseYaml } from 'yaml';
import type { ProviderSettings } from '../providers/settings.ts';
import { aiFileSchema } from './ai-file.ts';
import type { AiFile } from './ai-file.ts';
import { environmentProviders, toProviderSettings } from './provider-settings.ts';

/** What decides who answers. Durations in milliseconds. */
export interface AiConfig {
  /** In the order of preference among equals. Empty: the offline composer answers. */
  readonly providers: readonly ProviderSettings[];
  readonly breaker: { readonly failures: number; readonly windowMs: number; readonly openMs: number };
  readonly attempts: { readonly max: number; readonly timeoutMs: number };
  readonly selection: SelectionWeights;
}

export interface SelectionWeights {
  readonly latency: number;
  readonly success: number;
  readonly cost: number;
  /** A call as long as this is worth half of one that takes no time. */
  readonly latencyTargetMs: number;
  /** A price of this for a thousand tokens, in US dollars, is worth half of none. */
  readonly costTargetUsd: number;
}

const fileMaxBytes = 1_048_576;
const variable = 'QM_AI_CONFIG';

/**
 * Reads the file that QM_AI_CONFIG names, and the providers that the environment names beside it: a file that lists providers
 * lists all of them. Every fault of the file is reported with its path in the file.
 */
export function readAiConfig(reader: ConfigReader): AiConfig {
  const path = reader.optionalString(variable);
  const file = path === undefined ? aiFileSchema.parse({}) : readFile(reader, path);
  const { breaker, attempts, selection } = file;
  return {
    providers: file.providers === undefined ? environmentProviders(reader) : toProviderSettings(reader, file.providers),
    breaker: { failures: breaker.failures, windowMs: breaker.windowSeconds * 1_000, openMs: breaker.openSeconds * 1_000 },
    attempts: { max: attempts.max, timeoutMs: attempts.timeoutSeconds * 1_000 },
    selection: {
      latency: selection.latencyWeight,
      success: selection.successWeight,
      cost: selection.costWeight,
      latencyTargetMs: selection.latencyTargetMs,
      costTargetUsd: selection.costTargetUsd,
    },
  };
}

function readFile(reader: ConfigReader, path: string): AiFile {
  const empty = aiFileSchema.parse({});
  const fault = (expected: string, found: string): AiFile => {
    reader.fault({ variable, expected, found });
    return empty;
  };
  let value: unknown;
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length > fileMaxBytes) return fault('a YAML file of at most 1 MiB', `${String(text.length)} bytes`);
    value = parseYaml(text);
  } catch (error) {
    // A file that is not there and one that is no YAML: both are for whoever set the variable.
    return fault('a YAML file', error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
  const parsed = aiFileSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  for (const { path: where, message } of parsed.error.issues)
    reader.fault({ variable, expected: message, found: `at ${where.map(String).join('.') || 'the top'}` });
  return empty;
}
