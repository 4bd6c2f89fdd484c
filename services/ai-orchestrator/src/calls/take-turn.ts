import { setTimeout as sleep } from 'node:timers/promises';
import { aiErrors } from '@quotemaster/contract/ai';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { RpcCall } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { choose } from '../domain/choose.ts';
import type { ChoiceOption, ChoicePolicy, Exclusion } from '../domain/choose.ts';
import type { ChoiceRecord, Purpose } from '../domain/decision.ts';
import { consequences } from '../domain/outcome.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Release } from '../domain/slots.ts';
import type { Member } from '../selection/pool.ts';
import type { Turn } from './attempt.ts';

/** What a request asks of its candidates, and what has become of it so far. */
export interface TurnRequest {
  readonly members: readonly Member[];
  readonly streamed: boolean;
  readonly outputTokens: number;
  readonly policy: ChoicePolicy;
  /** How each candidate failed it last. */
  readonly failures: ReadonlyMap<string, { readonly outcome: Outcome; readonly durationMs: number }>;
  /** Milliseconds from the request's beginning, and what it has left for calls. */
  sinceMs(): number;
  leftMs(): number;
}

type LookRequest = TurnRequest & { readonly full: ReadonlyMap<string, AppError> };

type TurnContext = Pick<Context, 'pool' | 'random'>;

/** Another provider may be much faster than the one that failed; less than this is too little for any. */
export const timeMinMs = 250;
/** The longest wait for a provider's limit, where that is the best that can be done. */
const limitWaitMaxMs = 5_000;
const backOffMaxMs = 400;
/** How often a request looks for a candidate before it gives up: slots and limits may change while it waits for them. */
const looksMax = 20;

/**
 * Chooses who is asked next, and takes its slot. `onChoice` hears of the choice.
 *
 * Those that have not failed the request come first. Where none of them may be asked now, it waits in line for a busy one, or asks
 * again one whose failure may pass, after a pause of full jitter; last comes one that is usually too slow for the time left. A limit
 * that ends soon is waited for where nobody else would answer sooner.
 * @throws AppError `ai.no_provider`, its metadata says why, by candidate; `ai.overloaded`; `common.deadline_exceeded`; the signal's
 * reason.
 */
export async function takeTurn(
  { pool, random }: TurnContext,
  request: TurnRequest,
  call: Pick<RpcCall, 'signal'>,
  onChoice: (choice: ChoiceRecord) => void,
): Promise<Turn> {
  const { members, failures } = request;
  /** Whose line is full. */
  const full = new Map<string, AppError>();
  for (let looks = 0; looks < looksMax; looks += 1) {
    await pool.seekTrials(members);
    call.signal.throwIfAborted();
    if (request.leftMs() <= 0) throw new AppError(commonErrors.deadlineExceeded, { reason: 'no time is left for a call' });
    const options = optionsOf(pool, request);
    const seed = Math.floor(random() * 2 ** 32);
    const found = findChoice(options, { ...request, full }, seed);

    const waitMs = limitWorthWaitingFor(options, found?.option, request);
    if (waitMs !== undefined) {
      await pause(waitMs, call.signal);
      continue;
    }
    if (found === undefined) throw [...full.values()].at(-1) ?? noProvider(options);
    const member = members.find(({ key }) => key === found.option.key);
    if (member === undefined) throw noProvider(options);
    const release = await takeSlot(pool, member, found.option, request, call);
    if (release instanceof AppError) {
      full.set(member.key, release);
      continue;
    }
    if (found.repeated && isLuck(failures.get(member.key)?.outcome)) {
      await pauseBefore(release, random() * Math.min(backOffMaxMs, 100 * 2 ** (failures.size - 1)), call.signal);
    }
    // Whoever waited may find a circuit open that was closed before.
    const now = pool.option(member, askOf(request)).excluded;
    if (found.waited && (now === 'breaker' || now === 'quota' || now === 'disabled' || now === 'draining')) {
      release();
      continue;
    }
    const purpose: Purpose = failures.size === 0 ? 'first' : found.repeated ? 'retry' : 'failover';
    onChoice({ ...found.choice, seed, atMs: Math.round(request.sinceMs()), options: found.options, purpose });
    return { member, purpose, release };
  }
  throw new AppError(aiErrors.noProvider, { reason: 'no candidate stayed open for long enough', retryAfterMs: 1_000 });
}

const askOf = ({ streamed, outputTokens, leftMs }: TurnRequest): { streamed: boolean; outputTokens: number; remainingMs: number } => ({
  streamed,
  outputTokens,
  remainingMs: leftMs(),
});

/** The candidates as they are now; who failed this request says so, where nothing else keeps it out. */
export function optionsOf(pool: Pick<Context['pool'], 'option'>, request: TurnRequest): ChoiceOption[] {
  return request.members.map((member) => {
    const option = pool.option(member, askOf(request));
    return option.excluded === undefined && request.failures.has(option.key) ? { ...option, excluded: 'failed', retryAfterMs: 0 } : option;
  });
}

interface Found {
  readonly option: ChoiceOption;
  readonly options: readonly ChoiceOption[];
  readonly choice: Omit<ChoiceRecord, 'seed' | 'atMs' | 'options' | 'purpose'>;
  /** It has failed this request before. */
  readonly repeated: boolean;
  /** It is busy, and has to be waited for. */
  readonly waited: boolean;
}

/** Who may be asked in spite of what keeps them out, when nobody else may: the earlier, the better. */
const lastResorts: readonly Exclusion[] = ['busy', 'failed', 'too_slow'];

function findChoice(options: readonly ChoiceOption[], request: LookRequest, seed: number): Found | undefined {
  for (const resort of [undefined, ...lastResorts]) {
    const among = resort === undefined ? options : options.map((option) => (isOpenTo(option, resort, request) ? opened(option) : option));
    const choice = choose(among, request.policy, seed);
    const option = among.find(({ key }) => key === choice?.chosen);
    if (choice !== undefined && option !== undefined) {
      return { option, options: among, choice, repeated: request.failures.has(option.key), waited: resort === 'busy' };
    }
  }
  return undefined;
}

function isOpenTo({ key, excluded }: ChoiceOption, resort: Exclusion, { failures, full, leftMs }: LookRequest): boolean {
  if (excluded !== resort || full.has(key)) return false;
  const failure = failures.get(key);
  if (failure === undefined) return true;
  // The same again would take as long again.
  return consequences[failure.outcome].askAgain === 'anywhere' && leftMs() > Math.max(timeMinMs, failure.durationMs);
}

function opened(option: ChoiceOption): ChoiceOption {
  return { ...option, excluded: undefined, retryAfterMs: undefined };
}

/** A limit hit is waited for by its own time, not by luck. */
function isLuck(outcome: Outcome | undefined): boolean {
  return outcome === 'transient';
}

/** How long to wait for the limit of a candidate that would, wait and all, answer before `other`; undefined where that is not so. */
function limitWorthWaitingFor(
  options: readonly ChoiceOption[],
  other: ChoiceOption | undefined,
  { leftMs }: TurnRequest,
): number | undefined {
  const waits = options
    .filter(({ excluded }) => excluded === 'quota')
    .map(({ retryAfterMs = 0, latencyMs }) => ({
      waitMs: retryAfterMs,
      wholeMs: retryAfterMs + (latencyMs ?? 0),
      isKnown: latencyMs !== undefined,
    }))
    .filter(({ waitMs, wholeMs }) => waitMs <= limitWaitMaxMs && wholeMs + timeMinMs <= leftMs())
    .toSorted((one, next) => one.wholeMs - next.wholeMs);
  const [soonest] = waits;
  if (soonest === undefined) return undefined;
  if (other === undefined || other.excluded !== undefined) return soonest.waitMs;
  return soonest.isKnown && other.latencyMs !== undefined && soonest.wholeMs < other.latencyMs ? soonest.waitMs : undefined;
}

/** Takes a slot, after a wait in line where there is room in it; the error that says so where there is none. @throws AppError `ai.overloaded` */
async function takeSlot(
  pool: Pick<Context['pool'], 'slots'>,
  member: Member,
  { latencyMs }: ChoiceOption,
  { leftMs }: TurnRequest,
  { signal }: Pick<RpcCall, 'signal'>,
): Promise<Release | AppError> {
  const slots = pool.slots(member);
  const free = slots.tryTake();
  if (free !== undefined) return free;
  // Whoever got a slot later than this would not have its answer in time.
  const result = await slots.take(leftMs() - (latencyMs ?? timeMinMs), signal);
  if ('release' in result) return result.release;
  const error = new AppError(aiErrors.overloaded, {
    reason: `${String(slots.inFlight)} calls of ${member.provider.id} are under way and ${String(slots.waiting)} wait: ${result.refused}`,
    retryAfterMs: 1_000,
  });
  if (result.refused === 'queue_full') return error;
  throw error;
}

async function pauseBefore(release: Release, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, signal);
  } catch (error) {
    release();
    throw error;
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    // The caller has gone, or the deadline has passed: the signal's reason says which, and the timer's error does not.
    signal.throwIfAborted();
  }
}

function noProvider(options: readonly ChoiceOption[]): AppError {
  const waits = options.flatMap(({ retryAfterMs }) => (retryAfterMs === undefined || retryAfterMs === 0 ? [] : [retryAfterMs]));
  return new AppError(aiErrors.noProvider, {
    reason: 'every candidate is excluded',
    retryAfterMs: waits.length === 0 ? 1_000 : Math.max(1_000, Math.min(...waits)),
    metadata: Object.fromEntries(options.map(({ key, excluded = 'open' }) => [key, excluded])),
  });
}
