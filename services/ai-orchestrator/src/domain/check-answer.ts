import type { AnswerFault } from './outcome.ts';
import { parseAnswer } from './parse-answer.ts';

/** What the check found: quotes to give, at least one, or the fault. */
export type CheckedAnswer = { readonly quotes: readonly string[] } | { readonly fault: AnswerFault };

/**
 * Checks an answer and takes the quotes out of it, at most `count`.
 *
 * Of an answer that was cut off the finished quotes are good; the broken one is dropped. What the provider itself calls a
 * refusal, or its filter stopped, is its policy. The sentences with which language models decline are a refusal too, but
 * only where they begin the answer, for a quote may well say what one cannot do.
 */
export function checkAnswer(
  answer: { readonly text: string; readonly finishReason: 'stop' | 'length' | 'refusal' | 'content_filter' },
  count: number,
): CheckedAnswer {
  if (answer.finishReason === 'refusal' || answer.finishReason === 'content_filter') return { fault: 'content_filter' };
  if (answer.text.trim() === '') return { fault: answer.finishReason === 'length' ? 'truncated' : 'empty' };
  if (declines(answer.text)) return { fault: 'refused' };

  const cut = answer.finishReason === 'length';
  const quotes = parseAnswer(answer.text);
  const whole = cut && !isFinished(quotes.at(-1) ?? '') ? quotes.slice(0, -1) : quotes;
  if (whole.length > 0) return { quotes: whole.slice(0, count) };
  return { fault: cut ? 'truncated' : 'unreadable' };
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
