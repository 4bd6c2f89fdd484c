import { listOf } from './stem.ts';

/** English words that carry grammar rather than meaning; they count neither as repetition nor as a shared subject. */
export const stopWords: ReadonlySet<string> = new Set(
  listOf(`
    a an the and or but nor so yet if then else than as at by for from in into of off on onto out over to under up upon with
    without within about above across after again against all also although always am any anyone anything are aren't around
    be because been before being below between both can can't cannot could couldn't did didn't do does doesn't doing don't
    down during each either even ever every everyone everything few had hadn't has hasn't have haven't having he he's her
    here hers herself him himself his how however i i'd i'll i'm i've is isn't it it's its itself just let let's like made
    make makes many may me might mine more most much must my myself neither never no nobody none not nothing now once one
    only other others our ours ourselves own perhaps please rather same shall she she's should shouldn't since some someone
    something still such that that's their theirs them themselves there there's these they they're this those though
    through till too toward towards until us very was wasn't we we'll we're we've were weren't what what's when where
    whether which while who who's whoever whom whose why will won't would wouldn't yes you you'll you're you've your yours
    yourself yourselves about want wants write quote quotes give gives need needs get gets go goes say says thing things
  `),
);

/** Small words of the languages most often written here: a real sentence of four words or more nearly always has one. */
export const functionWords: ReadonlySet<string> = new Set([
  ...stopWords,
  ...listOf(`
    der die das und ist nicht ein eine zu den dem mit wer was wir ich du es le la les un une et est pas de des que qui nous je
    il elle el los las una y es no se lo con il gli che non di per o os um uma e é não com para het een van en niet ik
  `),
]);
