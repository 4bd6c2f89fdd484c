/** What a model costs, in millionths of a US dollar: per million tokens, or per minute of audio. */
export interface ModelPrice {
  readonly inputPerMillion: bigint;
  /** For input that the provider had cached. */
  readonly cachedInputPerMillion: bigint;
  readonly outputPerMillion: bigint;
  readonly perMinute: bigint;
}

/** What one call consumed, as providers count it. `cachedInputTokens` are among the input tokens. */
export interface Consumption {
  readonly inputTokens?: number;
  readonly cachedInputTokens?: number;
  readonly outputTokens?: number;
  readonly audioSeconds?: number;
}

export const freeOfCharge: ModelPrice = { inputPerMillion: 0n, cachedInputPerMillion: 0n, outputPerMillion: 0n, perMinute: 0n };

/** Computes the cost of one call in millionths of a US dollar, rounded up once. */
export function costOf(consumed: Consumption, price: ModelPrice): bigint {
  const { inputTokens = 0, outputTokens = 0, audioSeconds = 0 } = consumed;
  const cached = Math.min(consumed.cachedInputTokens ?? 0, inputTokens);
  const tokens =
    BigInt(inputTokens - cached) * price.inputPerMillion +
    BigInt(cached) * price.cachedInputPerMillion +
    BigInt(outputTokens) * price.outputPerMillion;
  // Milliseconds, as audio is seldom whole seconds long; both sums are brought to one denominator.
  const audio = (BigInt(Math.ceil(audioSeconds * 1_000)) * price.perMinute * 1_000_000n) / 60_000n;
  return (tokens + audio + 999_999n) / 1_000_000n;
}

/**
 * Gives the most that a call may have cost that gave no account: the prompt, and as many tokens as it was allowed, or at least those
 * that it has written.
 */
export function upperUsage(
  model: { readonly price: ModelPrice; readonly maxOutputTokens?: number },
  messages: readonly { readonly content: string }[],
  text: string,
  maxOutputTokens: number | undefined,
): { inputTokens: number; outputTokens: number; costMicroUsd: bigint; estimated: true } {
  const inputTokens = estimateTokens(...messages.map(({ content }) => content));
  const outputTokens = Math.max(estimateTokens(text), maxOutputTokens ?? model.maxOutputTokens ?? 0);
  return { inputTokens, outputTokens, costMicroUsd: costOf({ inputTokens, outputTokens }, model.price), estimated: true };
}

/**
 * Estimates the tokens of a text from above, for answers whose provider did not count: a third of its UTF-8 bytes, where
 * English takes about a quarter, and scripts of three bytes a letter about one token a letter.
 */
export function estimateTokens(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Math.ceil(Buffer.byteLength(text) / 3), 0);
}
