import type { IncomingHttpHeaders } from 'node:http';
import type { LimitState } from '../account.ts';

/** An answer that is an error, in the provider's own form. */
export interface Refusal {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export type RefusalKind =
  'rate_limited' | 'unauthorized' | 'not_found' | 'context_too_long' | 'invalid_request' | 'content_filter' | 'overloaded' | 'server_error';

/** Thrown by whatever reads a request that the provider would refuse. */
export class Refused extends Error {
  readonly kind: RefusalKind;
  constructor(kind: RefusalKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A request for words, as every dialect understands it. */
export interface ChatAsk {
  readonly model: string;
  readonly stream: boolean;
  /** The last words of the user. */
  readonly prompt: string;
  /** Everything that the model reads. */
  readonly read: readonly string[];
  readonly seed: number | undefined;
  readonly maxTokens: number | undefined;
  /** The JSON Schema of the answer; `true` for any JSON. */
  readonly json: unknown;
  /** Usage is told at the end of a stream. */
  readonly includeUsage: boolean;
}

export interface ChatAnswer {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  /** The model declines, in the field made for it. */
  readonly refusal: string | undefined;
  readonly finish: 'stop' | 'length' | 'content_filter' | 'refusal';
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly withUsage: boolean;
}

/** The parts of a stream of server-sent events, as they go over the wire. */
export interface StreamScript {
  readonly head: readonly string[];
  piece(text: string): string;
  /** An event that can't be read. */
  readonly broken: string;
  /** An event that tells of an error. */
  readonly error: string;
  /** Finish reason and usage. */
  readonly tail: readonly string[];
  /** The very last word. */
  readonly last: string;
}

/** How one maker's API speaks. */
export interface Dialect {
  keyOf(headers: IncomingHttpHeaders): string | undefined;
  refuse(kind: RefusalKind, message: string, status?: number): Refusal;
  /** The headers that tell of limits, on every answer. */
  limitHeaders(state: LimitState | undefined): Record<string, string>;
  /** @throws Refused for a request that the provider would refuse. */
  readChat(body: Record<string, unknown>): ChatAsk;
  whole(answer: ChatAnswer): object;
  script(answer: ChatAnswer, includeUsage: boolean): StreamScript;
}

/** Gives a text field or refuses the request. */
export function requireText(body: Record<string, unknown>, field: string): string {
  const value = body[field];
  if (typeof value !== 'string' || value === '') throw new Refused('invalid_request', `Missing required parameter: '${field}'.`);
  return value;
}

/** Reads the turns of a conversation; the content is a text, or a list of parts. */
export function readTurns(value: unknown): { role: string; text: string }[] {
  if (!Array.isArray(value) || value.length === 0) throw new Refused('invalid_request', "Missing required parameter: 'messages'.");
  return (value as unknown[]).map((turn, index) => {
    const { role, content } = (typeof turn === 'object' ? (turn ?? {}) : {}) as { role?: unknown; content?: unknown };
    const text = textOf(content);
    if (typeof role !== 'string' || text === undefined)
      throw new Refused('invalid_request', `Invalid value: 'messages[${String(index)}]'.`);
    return { role, text };
  });
}

export function textOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  return (content as unknown[])
    .map((part) => (typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string' ? part.text : ''))
    .join('');
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** One server-sent event. */
export function sse(data: object | string, event?: string): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`;
}

/** Writes a duration as OpenAI does: `6m0s`, `1.5s`, `20ms`. */
export function toDuration(ms: number): string {
  if (ms < 1_000) return `${String(Math.max(0, Math.round(ms)))}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.round((ms % 60_000) / 100) / 10;
  return minutes === 0 ? `${String(seconds)}s` : `${String(minutes)}m${String(seconds)}s`;
}
