import { z } from 'zod';

const ms = z.number().min(0).max(3_600_000);
const chunks = z.int().min(0).max(10_000);

const retryAfter = z.union([
  z.strictObject({ seconds: z.number().min(0).max(86_400) }),
  z.strictObject({ ms }),
  z.strictObject({ date: z.coerce.date() }),
  z.literal('none'),
]);

const single = z.discriminatedUnion('kind', [
  /** Answers as a provider does that is well. */
  z.strictObject({
    kind: z.literal('healthy'),
    latencyMs: ms.optional(),
    tokenDelayMs: ms.optional(),
    text: z.string().max(100_000).optional(),
  }),
  z.strictObject({ kind: z.literal('delay'), ms }),
  /** 429, with the wait told in one of the ways in use. */
  z.strictObject({ kind: z.literal('rate_limited'), retryAfter: retryAfter.default('none') }),
  /** An error of the provider's own form. */
  z.strictObject({ kind: z.literal('status'), code: z.int().min(400).max(599) }),
  /** Anthropic's 529, the others' 503. */
  z.strictObject({ kind: z.literal('overloaded') }),
  z.strictObject({ kind: z.literal('context_too_long') }),
  z.strictObject({ kind: z.literal('invalid_request') }),
  /** The connection breaks before a byte of answer. */
  z.strictObject({ kind: z.literal('reset') }),
  /** The request is taken, and nothing ever comes. */
  z.strictObject({ kind: z.literal('silence') }),
  /** Status 200 and a page of HTML. */
  z.strictObject({ kind: z.literal('wrong_json') }),
  z.strictObject({ kind: z.literal('slow_first_token'), ms }),
  /** The connection breaks after so many pieces of text. An answer that is not streamed breaks in the middle. */
  z.strictObject({ kind: z.literal('cut_stream'), afterChunks: chunks }),
  /** Nothing comes any more after so many pieces of text. */
  z.strictObject({ kind: z.literal('stall'), afterChunks: chunks }),
  /** One event of the stream can't be read. */
  z.strictObject({ kind: z.literal('bad_chunk') }),
  /** The stream ends well, but without its last word: `[DONE]`, message_stop. */
  z.strictObject({ kind: z.literal('no_done') }),
  /** The stream ends in the middle as if that were its end: no finish reason, no last word. */
  z.strictObject({ kind: z.literal('no_finish') }),
  z.strictObject({ kind: z.literal('error_in_stream') }),
  z.strictObject({ kind: z.literal('empty') }),
  /** Stopped at the bound of tokens. */
  z.strictObject({ kind: z.literal('truncated') }),
  /** The maker's filter: `finish` stops the answer, `error` refuses the request (Azure's 400). */
  z.strictObject({ kind: z.literal('content_filter'), as: z.enum(['finish', 'error']).default('finish') }),
  /** The model declines, in the field made for it or in prose. */
  z.strictObject({ kind: z.literal('refusal'), as: z.enum(['field', 'prose']).default('field') }),
  z.strictObject({ kind: z.literal('no_usage') }),
]);

/** What an account does with one call. Times in milliseconds. */
type SingleBehaviour = z.input<typeof single>;

export type Behaviour =
  | SingleBehaviour
  /** Each call draws one of these by its share, from a sequence that the seed fixes. */
  | {
      readonly kind: 'mix';
      readonly of: readonly { readonly share: number; readonly behaviour: SingleBehaviour }[];
      readonly seed?: number;
    };

/** A behaviour with its defaults, and no mix. */
export type PlainBehaviour = z.output<typeof single>;

const mix = z.strictObject({
  kind: z.literal('mix'),
  of: z
    .array(z.strictObject({ share: z.number().positive(), behaviour: single }))
    .min(1)
    .max(32),
  seed: z.int().default(1),
});

const list = z.array(z.discriminatedUnion('kind', [mix, ...single.options])).max(1_000);

/** One entry of an account's list: draws what to do with a call. */
export type Draw = () => PlainBehaviour;

/**
 * Reads behaviours as they are given in code or sent over HTTP.
 * @throws Error that says what is wrong, one fault a line.
 */
export function parseBehaviours(value: unknown): readonly Draw[] {
  const parsed = list.safeParse(value);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return parsed.data.map((behaviour) => (behaviour.kind === 'mix' ? drawFrom(behaviour) : () => behaviour));
}

function drawFrom({ of, seed }: z.output<typeof mix>): Draw {
  const total = of.reduce((sum, { share }) => sum + share, 0);
  let state = seed >>> 0;
  return () => {
    // A linear congruential generator: not random, but the same everywhere.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    let left = (state / 2 ** 32) * total;
    for (const { share, behaviour } of of) {
      left -= share;
      if (left < 0) return behaviour;
    }
    return (of.at(-1) as (typeof of)[number]).behaviour;
  };
}
