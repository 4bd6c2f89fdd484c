import { parseAnswer } from './parse-answer.ts';

/** Why an answer can't be used; a label of metrics. */
export type AnswerFault = 'empty' | 'cut_off' | 'refused' | 'unreadable';

/** What the check found: quotes to give, at least one, or the fault. */
export type CheckedAnswer = { readonly quotes: readonly string[] } | { readonly fault: AnswerFault };

/**
 * Checks an answer and takes the quotes out of it, at most `count`.
 *
 * Of an answer that was cut off the finished quotes are good; the broken one is dropped. A refusal is known by the provider's
 * own word, or by the sentences with which language models decline: only where they begin the answer, for a quote may
 * well say what one cannot do.
 */
export function checkAnswer(
  answer: { readonly text: string; readonly finishReason: 'stop' | 'length' | 'refusal' },
  count: number,
): CheckedAnswer {
  if (answer.finishReason === 'refusal') return { fault: 'refused' };
  if (answer.text.trim() === '') return { fault: answer.finishReason === 'length' ? 'cut_off' : 'empty' };
  if (declines(answer.text)) return { fault: 'refused' };

  const cut = answer.finishReason === 'length';
  const quotes = parseAnswer(answer.text);
  const whole = cut && !isFinished(quotes.at(-1) ?? '') ? quotes.slice(0, -1) : quotes;
  if (whole.length > 0) return { quotes: whole.slice(0, count) };
  return { fault: cut ? 'cut_off' : 'unreadable' };
}

function isFinished(quote: string): boolean {
  return /[.!?…。！？]["'”’»)]*$/u.test(quote);
}

const refusals: readonly RegExp[] = [
  /^(?:i['’]m (?:very |really )?sorry|i am sorry|sorry|i apologi[sz]e|unfortunately|my apologies)\b[^\n]{0,80}\b(?:can['’]t|cannot|unable|won['’]t|not able)\b/iu,
  /^i(?:['’]m| am) (?:unable|not able) to (?:help|assist|comply|fulfil|provide|write|create|generate|answer)/iu,
  /^i (?:can['’]t|cannot|can not|won['’]t|will not) (?:help|assist|comply|fulfil|provide|write|create|generate|continue|answer) (?:with|you|that|this|the|such|quotes|your|any)/iu,
  /^as an ai\b/iu,
];

function declines(text: string): boolean {
  const beginning = text.trim().slice(0, 300);
  return refusals.some((refusal) => refusal.test(beginning));
}
