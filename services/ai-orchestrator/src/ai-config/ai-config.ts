import { readFileSync } from 'node:fs';
import type { ConfigReader } from '@quotemaster/config';
import { parse as parseYaml } from 'yaml';
import type { BreakerPolicy } from '../domain/breaker.ts';
import type { ChoicePolicy } from '../domain/choose.ts';
import type { HedgePolicy } from '../domain/hedge-budget.ts';
import type { ProviderSettings } from '../providers/settings.ts';
import { aiFileSchema } from './ai-file.ts';
import type { AiFile } from './ai-file.ts';
import { environmentProviders, toProviderSettings } from './provider-settings.ts';

/** What decides who answers. Durations in milliseconds. */
export interface AiConfig {
  /** In the order of preference among equals. Empty: the offline composer answers. */
  readonly providers: readonly ProviderSettings[];
  readonly breaker: BreakerPolicy;
  readonly attempts: AttemptPolicy;
  readonly selection: ChoicePolicy;
  readonly hedging: HedgePolicy;
}

/** The bounds of the calls of one request. */
export interface AttemptPolicy {
  /** How many calls of providers in all. */
  readonly max: number;
  /** How long one may take, */
  readonly timeoutMs: number;
  /** and, of a stream, how long its first token and each further one. */
  readonly firstTokenMs: number;
  readonly stallMs: number;
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
  const { breaker, attempts, selection, hedging } = file;
  return {
    providers: file.providers === undefined ? environmentProviders(reader) : toProviderSettings(reader, file.providers),
    breaker: {
      failures: breaker.failures,
      windowMs: breaker.windowSeconds * 1_000,
      failureShare: breaker.failureShare,
      openMs: breaker.openSeconds * 1_000,
      openMaxMs: breaker.openMaxSeconds * 1_000,
      rampMs: breaker.rampSeconds * 1_000,
    },
    attempts: {
      max: attempts.max,
      timeoutMs: attempts.timeoutSeconds * 1_000,
      firstTokenMs: attempts.firstTokenSeconds * 1_000,
      stallMs: attempts.stallSeconds * 1_000,
    },
    selection: toChoicePolicy(selection),
    hedging,
  };
}

export function toChoicePolicy(selection: AiFile['selection']): ChoicePolicy {
  const { latencyTargetMs, costTargetUsd, floor, newSamples, newShare } = selection;
  return {
    weights: {
      latency: selection.latencyWeight,
      success: selection.successWeight,
      cost: selection.costWeight,
      breaker: selection.breakerWeight,
      quota: selection.quotaWeight,
    },
    latencyTargetMs,
    costTargetUsd,
    floor,
    newSamples,
    newShare,
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
