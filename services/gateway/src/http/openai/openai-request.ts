import { AppError, commonErrors } from '@quotemaster/errors';
import { z } from 'zod';

const text = z.string().max(2_000_000);
const parts = z.array(z.object({ type: z.literal('text'), text })).max(1_024);

/** What of a chat request is read; fields that are not here are ignored, as OpenAI adds new ones all the time. */
const chatSchema = z.object({
  model: z.string().max(120).default('auto'),
  messages: z
    .array(
      z.object({
        role: z.enum(['system', 'developer', 'user', 'assistant']),
        content: z.union([text, parts.transform((list) => list.map((part) => part.text).join(''))]),
      }),
    )
    .min(1)
    .max(1_024),
  max_tokens: z.int().min(1).max(128_000).nullish(),
  max_completion_tokens: z.int().min(1).max(128_000).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  seed: z.int().nullish(),
  // One answer a request: several would cost as many calls.
  n: z.literal(1).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
});

const embeddingsSchema = z.object({
  model: z.string().max(120).default('auto'),
  input: z.union([z.string().min(1).max(100_000), z.array(z.string().min(1).max(100_000)).min(1).max(256)]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.null({ error: 'is not supported' }).optional(),
});

const transcriptionSchema = z.object({
  model: z.string().max(120).default('auto'),
  language: z.string().max(8).optional(),
  response_format: z.enum(['json', 'text', 'verbose_json']).default('json'),
});

export type OpenAiChat = z.output<typeof chatSchema>;

export const readChat = (body: unknown): OpenAiChat => read(chatSchema, body);
export const readEmbeddings = (body: unknown): z.output<typeof embeddingsSchema> => read(embeddingsSchema, body);
export const readTranscription = (fields: unknown): z.output<typeof transcriptionSchema> => read(transcriptionSchema, fields);

/** @throws AppError `common.invalid_request` with the fields that can't be taken. */
function read<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({ field: pathOf(path) || 'body', message }));
  throw new AppError(commonErrors.invalidRequest, { fields });
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${String(part)}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
