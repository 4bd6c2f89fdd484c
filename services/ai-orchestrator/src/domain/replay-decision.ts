import { choose } from './choose.ts';
import type { Choice } from './choose.ts';
import type { ChoiceRecord, Decision } from './decision.ts';

/** Makes every choice of a decision again, from what is stored of it. */
export function replayDecision({
  choices,
  policy,
}: Pick<Decision, 'choices' | 'policy'>): { readonly recorded: ChoiceRecord; readonly again: Choice | undefined }[] {
  return choices.map((recorded) => ({ recorded, again: choose(recorded.options, policy, recorded.seed) }));
}
