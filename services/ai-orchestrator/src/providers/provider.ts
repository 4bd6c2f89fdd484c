import type { LimitsLeft } from '../domain/quota-gate.ts';
import type { ModelPrice } from './price.ts';

/** One turn of the conversation, as language models take it. */
export interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** What the messages ask for, in plain fields. An empty string or 0 leaves the choice to the writer. */
export interface ProviderBrief {
  readonly prompt: string;
  /** How many quotes, 1 to 10. */
  readonly count: number;
  readonly tone: string;
  readonly style: string;
  readonly theme: string;
  readonly audience: string;
  /** BCP 47; empty for English. */
  readonly language: string;
  readonly maxWords: number;
}

/**
 * What a provider is asked. Language models read `messages`; a provider that reads no prose writes from `brief`.
 * The answer wanted is plain text with one quote a line.
 */
export interface ProviderRequest {
  /** One of the provider's own chat models, without the provider's id. */
  readonly model: string;
  readonly messages: readonly ChatTurn[];
  readonly brief: ProviderBrief;
  /** At most so many tokens in the answer; undefined for the provider's default. */
  readonly maxOutputTokens: number | undefined;
  /** 0 to 2; undefined for the provider's default. */
  readonly temperature: number | undefined;
  /** The same seed and request give the same answer, where the provider can. A signed 64-bit number. */
  readonly seed: bigint | undefined;
}

/** Texts to place in the space of meaning. */
export interface EmbedRequest {
  /** One of the provider's own embedding models. */
  readonly model: string;
  /** 1 to 256 texts. */
  readonly texts: readonly string[];
}

/** A recording to put into words. */
export interface TranscribeRequest {
  /** One of the provider's own transcription models. */
  readonly model: string;
  readonly audio: Uint8Array;
  /** Its container, "audio/mpeg". */
  readonly contentType: string;
  /** ISO 639-1; undefined lets the model find out. */
  readonly language: string | undefined;
}

/** The bounds of one call. */
export interface ProviderCall {
  /** Fires when nobody waits any more; the provider then closes its connection and rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** How long the answer may take, in milliseconds. `signal` fires then, too. */
  readonly timeoutMs: number;
}

/**
 * Why the provider stopped writing: `stop` at its own end, `length` at the bound of tokens, `refusal` because the model would
 * not answer, `content_filter` because a filter of its maker's stopped it.
 */
export type FinishReason = 'stop' | 'length' | 'refusal' | 'content_filter';

/** What one call consumed. */
export interface ProviderUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In millionths of a US dollar. */
  readonly costMicroUsd: bigint;
  /** The provider did not say; these are upper estimates. */
  readonly estimated?: boolean;
}

/** An answer as the provider wrote it, unchecked. */
export interface ProviderAnswer {
  readonly text: string;
  readonly finishReason: FinishReason;
  readonly usage: ProviderUsage;
  /** What the answer's headers say of the provider's limits; undefined where they say nothing. */
  readonly limits?: LimitsLeft | undefined;
}

/** One vector a text, in their order, all of one length. */
export interface Embeddings {
  readonly vectors: readonly (readonly number[])[];
  readonly usage: ProviderUsage;
}

/** The words of a recording; `segments` is empty where the model tells no times. */
export interface Transcript {
  readonly text: string;
  /** As the model names it; undefined where it does not. */
  readonly language: string | undefined;
  readonly segments: readonly { readonly startSeconds: number; readonly endSeconds: number; readonly text: string }[];
  readonly usage: ProviderUsage;
}

/** One step of a streamed answer: more of its text, or, always last and once, the whole. */
export type ProviderEvent = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'done'; readonly answer: ProviderAnswer };

/** One model as a provider offers it. */
export interface ProviderModel {
  /** The provider's own name for it. */
  readonly name: string;
  readonly operation: 'chat' | 'embedding' | 'transcription';
  readonly price: ModelPrice;
  /** So many tokens of prompt and answer together; undefined where it is not known. */
  readonly contextTokens?: number | undefined;
}

/**
 * A source of answers: the port behind which each maker of models stands, one folder a provider. It has the operations of its models.
 *
 * A provider makes one attempt and keeps no queue: retries, budgets and the choice among providers are made outside. It
 * rejects with a ProviderError, or with the signal's reason; what it rejects with is logged, and never reaches a user.
 */
export interface Provider {
  /** Short and fixed, `offline`; a label of metrics and the part before the slash of "provider/model". */
  readonly id: string;
  /** The models it serves, of each operation the one to choose by default first. Never empty. */
  readonly models: readonly ProviderModel[];
  complete?(request: ProviderRequest, call: ProviderCall): Promise<ProviderAnswer>;
  /** The texts of the `text` events put together are the text of the answer that `done` brings. */
  stream?(request: ProviderRequest, call: ProviderCall): AsyncIterable<ProviderEvent>;
  embed?(request: EmbedRequest, call: ProviderCall): Promise<Embeddings>;
  transcribe?(request: TranscribeRequest, call: ProviderCall): Promise<Transcript>;
  /**
   * Asks for something that costs nothing, to see whether the provider is there and knows us. Rejects as a call does; absent where
   * there is nobody to ask.
   */
  probe?(call: ProviderCall): Promise<void>;
}

/** A provider that writes: it has a chat model, and so both operations. */
export type ChatProvider = Provider & Required<Pick<Provider, 'complete' | 'stream'>>;
