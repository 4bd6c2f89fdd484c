import { createHash } from 'node:crypto';
import { numberOf, Refused, requireText } from './dialects/dialect.ts';
import type { Asked, Exchange } from './exchange.ts';
import { countTokens } from './tokens.ts';

type EmbeddingsAsked = Asked & { readonly texts: readonly string[]; readonly dimensions: number; readonly base64: boolean };

const dimensionsDefault = 1_536;
const textsMax = 2_048;

/** Reads a request for vectors. @throws Refused */
export function readEmbeddings(body: Record<string, unknown>): EmbeddingsAsked {
  const { input } = body;
  const texts = typeof input === 'string' ? [input] : input;
  if (
    !Array.isArray(texts) ||
    texts.length === 0 ||
    texts.length > textsMax ||
    !texts.every((text) => typeof text === 'string' && text !== '')
  ) {
    throw new Refused('invalid_request', "'$.input' is invalid.");
  }
  const dimensions = numberOf(body['dimensions']) ?? dimensionsDefault;
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > 3_072)
    throw new Refused('invalid_request', "Invalid value for 'dimensions'.");
  return {
    model: requireText(body, 'model'),
    stream: false,
    inputTokens: countTokens(...(texts as string[])),
    texts: texts as string[],
    dimensions,
    base64: body['encoding_format'] === 'base64',
  };
}

export function answerEmbeddings(
  { send, behaviour }: Exchange,
  { model, texts, dimensions, base64, inputTokens }: EmbeddingsAsked,
): Promise<void> {
  const data = texts.map((text, index) => {
    const vector = vectorOf(text, dimensions);
    const embedding = base64 ? Buffer.from(vector.buffer).toString('base64') : [...vector];
    return { object: 'embedding', index, embedding };
  });
  const usage = behaviour.kind === 'no_usage' ? {} : { usage: { prompt_tokens: inputTokens, total_tokens: inputTokens } };
  send('application/json', JSON.stringify({ object: 'list', data, model, ...usage }));
  return Promise.resolve();
}

/** A unit vector: the sum of one direction a word, so that texts with words in common lie near each other. */
function vectorOf(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text]) {
    let state = createHash('sha1').update(word).digest().readUInt32LE(0);
    for (let i = 0; i < dimensions; i += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      vector[i] = (vector[i] ?? 0) + state / 2 ** 31 - 1;
    }
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
