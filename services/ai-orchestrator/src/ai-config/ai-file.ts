import { z } from 'zod';
import { defaultTraffic } from '../providers/settings.ts';

const dollars = z.number().min(0).max(10_000);

const modelSchema = z.strictObject({
  name: z.string().min(1).max(100),
  operation: z.enum(['chat', 'embedding', 'transcription']).default('chat'),
  /** In US dollars: per million tokens, for transcription per minute. */
  price: z
    .strictObject({ input: dollars.optional(), cachedInput: dollars.optional(), output: dollars.optional(), minute: dollars.optional() })
    .default({}),
  /** What prompt and answer may have together. */
  contextTokens: z.int().min(256).max(100_000_000).optional(),
  maxOutputTokens: z.int().min(16).max(128_000).default(2_048),
  temperature: z.boolean().default(false),
  effort: z.enum(['none', 'low', 'medium', 'high']).optional(),
  segments: z.boolean().default(false),
});

const providerSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'a short name of small letters, digits and dashes'),
  kind: z.enum(['openai', 'anthropic', 'azure', 'compatible']),
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** The variable that holds the key; the kind's own where it is left out. */
  apiKeyVariable: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'the name of a variable')
    .optional(),
  apiVersion: z.string().min(1).max(40).optional(),
  models: z.array(modelSchema).min(1).max(32).optional(),
  weight: z.number().min(0.001).max(1_000).default(defaultTraffic.weight),
  inFlightMax: z.int().min(1).max(10_000).default(defaultTraffic.inFlightMax),
  queueMax: z.int().min(0).max(10_000).default(defaultTraffic.queueMax),
});

/** The file that QM_AI_CONFIG names. Unknown fields are faults: a misspelt weight must not pass for a default. */
export const aiFileSchema = z.strictObject({
  providers: z
    .array(providerSchema)
    .max(16)
    .refine((providers) => new Set(providers.map(({ id }) => id)).size === providers.length, 'ids that differ')
    .optional(),
  breaker: z
    .strictObject({
      failures: z.int().min(1).max(1_000).default(5),
      windowSeconds: z.number().min(1).max(3_600).default(60),
      /** 0 is the bare count. */
      failureShare: z.number().min(0).max(1).default(0.2),
      openSeconds: z.number().min(1).max(3_600).default(30),
      openMaxSeconds: z.number().min(1).max(86_400).default(300),
      rampSeconds: z.number().min(0).max(3_600).default(30),
    })
    .prefault({}),
  attempts: z
    .strictObject({
      max: z.int().min(1).max(3).default(3),
      timeoutSeconds: z.number().min(0.1).max(300).default(20),
      firstTokenSeconds: z.number().min(0.1).max(300).default(10),
      stallSeconds: z.number().min(0.1).max(300).default(10),
    })
    .prefault({}),
  selection: z
    .strictObject({
      latencyWeight: z.number().min(0).max(100).default(1),
      successWeight: z.number().min(0).max(100).default(2),
      costWeight: z.number().min(0).max(100).default(0.5),
      breakerWeight: z.number().min(0).max(100).default(0.5),
      quotaWeight: z.number().min(0).max(100).default(0.5),
      latencyTargetMs: z.number().min(1).max(60_000).default(1_500),
      costTargetUsd: z.number().min(0.000001).max(100).default(0.001),
      floor: z.number().min(0).max(0.2).default(0.01),
      newSamples: z.int().min(0).max(1_000).default(20),
      newShare: z.number().min(0).max(1).default(0.1),
    })
    .refine(
      ({ latencyWeight, successWeight, costWeight, breakerWeight, quotaWeight }) =>
        latencyWeight + successWeight + costWeight + breakerWeight + quotaWeight > 0,
      'one weight above 0',
    )
    .prefault({}),
  hedging: z
    .strictObject({ share: z.number().min(0).max(0.5).default(0.05), burst: z.number().min(1).max(1_000).default(10) })
    .prefault({}),
});

export type AiFile = z.infer<typeof aiFileSchema>;
export type AiFileProvider = z.infer<typeof providerSchema>;
export type AiFileModel = z.infer<typeof modelSchema>;
