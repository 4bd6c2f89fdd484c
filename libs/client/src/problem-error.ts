/** A fault of one field, with its path in JSON names: "tags[0]". */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

/** What the system says of a failure. @see https://www.rfc-editor.org/rfc/rfc9457 */
export interface Problem {
  /** The HTTP status; 0 where no answer came. */
  readonly status: number;
  /** The stable code: `quote.not_found`. Ours begin with `client.`: network, timeout, unexpected_answer. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** Names the request in the system's logs. */
  readonly requestId?: string | undefined;
  readonly errors?: readonly FieldFault[] | undefined;
  /** Second factors that would do, where one is asked for. */
  readonly factors?: readonly string[] | undefined;
}

/** A call that failed: the system's problem, or ours when there was no answer to read. */
export class ProblemError extends Error implements Problem {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string | undefined;
  readonly errors: readonly FieldFault[];
  readonly factors: readonly string[];
  /** How long the system asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: Problem, options: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(`${problem.code}: ${problem.detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.requestId = problem.requestId;
    this.errors = problem.errors ?? [];
    this.factors = problem.factors ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Makes the error of a call that got no answer. */
export function noAnswer(cause: unknown): ProblemError {
  const timedOut = typeof cause === 'object' && cause !== null && 'name' in cause && cause.name === 'TimeoutError';
  return new ProblemError(
    timedOut
      ? { status: 0, code: 'client.timeout', title: 'No answer in time', detail: 'The system did not answer in time.' }
      : { status: 0, code: 'client.network', title: 'No connection', detail: 'The system could not be reached.' },
    { cause },
  );
}

/** Reads the problem of an answer that is no success; whatever else it holds becomes `client.unexpected_answer`. */
export async function readProblem(response: Response): Promise<ProblemError> {
  const text = await response.text().catch(() => '');
  const retryAfterMs = retryAfter(response.headers);
  return new ProblemError(parseProblem(text) ?? unexpected(response.status), { retryAfterMs });
}

/** Makes the error of a problem that came as text, within a stream. */
export function toProblemError(text: string): ProblemError {
  return new ProblemError(parseProblem(text) ?? unexpected(0));
}

/** Reads how long to wait, in milliseconds: seconds or a date. */
export function retryAfter(headers: Headers, now: number = Date.now()): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

function parseProblem(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isProblem(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  const { status, code, title, detail } = value as Record<string, unknown>;
  return typeof status === 'number' && [code, title, detail].every((text) => typeof text === 'string');
}

function unexpected(status: number): Problem {
  return {
    status,
    code: 'client.unexpected_answer',
    title: 'Unexpected answer',
    detail: 'The answer did not come from the system, or not whole.',
  };
}
