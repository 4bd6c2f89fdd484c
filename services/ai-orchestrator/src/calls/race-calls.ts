import type { Context } from '../context.ts';
import { choose } from '../domain/choose.ts';
import type { ChoiceOption } from '../domain/choose.ts';
import type { ChoiceRecord } from '../domain/decision.ts';
import type { Member } from '../selection/pool.ts';
import type { Attempt, AttemptEnd, Turn } from './attempt.ts';
import { optionsOf } from './take-turn.ts';
import type { TurnRequest } from './take-turn.ts';

type RaceContext = Pick<Context, 'pool' | 'clock' | 'random' | 'hedgeBudget'>;

/** How many calls a quantile needs to be believed. */
const samplesMin = 20;
/** A second call sooner than this is no hedge, but a habit. */
const hedgeAfterMinMs = 20;
/** A quota this low is no place for an extra call. */
const scarceHeadroom = 0.1;

/**
 * Makes a call and, when it has been silent for longer than nineteen in twenty of its kind, a second one of another provider, as far
 * as the budget for extra calls goes. The first good answer wins, and the other call is given up; when one fails, the other is
 * waited for. Gives the ends of all calls, the one that counts last.
 */
export async function raceCalls<R>(
  context: RaceContext,
  request: TurnRequest,
  turn: Turn,
  begin: (turn: Turn) => Attempt<R>,
  onChoice: (choice: ChoiceRecord) => void,
): Promise<readonly AttemptEnd<R>[]> {
  const { hedgeBudget } = context;
  hedgeBudget.earn();
  const first = begin(turn);
  const afterMs = hedgeAfterMs(context, turn.member, request);
  if (afterMs === undefined || (await isHeardWithin(first, afterMs))) return [await first.ended];

  const second = takeHedge(context, request, turn, onChoice);
  if (second === undefined) return [await first.ended];
  return settle([first, begin(second)]);
}

/** The 95th percentile of what the call is waited for: its first token, or the whole of an answer that comes whole. */
function hedgeAfterMs({ pool, clock }: RaceContext, member: Member, { streamed, members }: TurnRequest): number | undefined {
  if (!members.some(({ provider }) => provider.id !== member.provider.id)) return undefined;
  const { firstTokens, wholes } = pool.record(member);
  const usual = (streamed ? firstTokens : wholes).quantile(0.95, clock.monotonic(), samplesMin);
  return usual === undefined ? undefined : Math.max(hedgeAfterMinMs, usual);
}

async function isHeardWithin<R>({ ended, firstToken }: Attempt<R>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([ended.then(() => true), firstToken.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Chooses another provider for the extra call, where one is well, has room and the budget allows it; takes its slot. */
function takeHedge(
  { pool, random, hedgeBudget }: RaceContext,
  request: TurnRequest,
  { member }: Turn,
  onChoice: (choice: ChoiceRecord) => void,
): Turn | undefined {
  const options = optionsOf(pool, request).map((option) =>
    isFit(option, member, request) ? option : { ...option, excluded: option.excluded ?? 'failed' },
  );
  const seed = Math.floor(random() * 2 ** 32);
  const choice = choose(options, request.policy, seed);
  const chosen = request.members.find(({ key }) => key === choice?.chosen);
  if (choice === undefined || chosen === undefined || !hedgeBudget.spend()) return undefined;
  const release = pool.slots(chosen).tryTake();
  if (release === undefined) {
    hedgeBudget.giveBack();
    return undefined;
  }
  onChoice({ ...choice, seed, atMs: Math.round(request.sinceMs()), options, purpose: 'hedge' });
  return { member: chosen, purpose: 'hedge', release };
}

function isFit(option: ChoiceOption, slow: Member, { members }: TurnRequest): boolean {
  const isOther = members.some(({ key, provider }) => key === option.key && provider.id !== slow.provider.id);
  return isOther && !option.isTrial && option.ramp >= 1 && option.headroom >= scarceHeadroom;
}

/** Waits for the first good end and gives the others up; of bad ends all. */
async function settle<R>(attempts: readonly Attempt<R>[]): Promise<readonly AttemptEnd<R>[]> {
  const giveUpOthers = (winner: Attempt<R>): void => {
    for (const attempt of attempts) if (attempt !== winner) attempt.lose();
  };
  const ends = await Promise.all(
    attempts.map(async (attempt) => {
      void attempt.firstToken.then(() => giveUpOthers(attempt));
      const end = await attempt.ended;
      if ('value' in end.judged) giveUpOthers(attempt);
      return end;
    }),
  );
  // The good one counts; where both failed, the one that was asked for first.
  return ends.toSorted((one, other) => rank(one) - rank(other));
}

function rank<R>({ judged, record }: AttemptEnd<R>): number {
  if ('value' in judged) return 2;
  return judged.outcome === 'lost' || record.purpose === 'hedge' ? 0 : 1;
}
