import { describe, expect, it } from '@jest/globals';
import { checkAnswer } from './check-answer.ts';

const check = (text: string, finishReason: 'stop' | 'length' | 'refusal' | 'content_filter' = 'stop', count = 5) =>
  checkAnswer({ text, finishReason }, count);

describe('checkAnswer', () => {
  it('gives no more quotes than were asked for', () => {
    expect(check('One.\nTwo.\nThree.', 'stop', 2)).toEqual({ quotes: ['One.', 'Two.'] });
  });

  it('keeps the finished quotes of an answer that was cut off', () => {
    expect(check('A river returns.\nAsk the ro', 'length')).toEqual({ quotes: ['A river returns.'] });
    expect(check('A river returns.\nAsk the root.', 'length')).toEqual({ quotes: ['A river returns.', 'Ask the root.'] });
  });

  it.each([
    ['empty', '', 'stop'],
    ['empty', ' \n', 'stop'],
    ['truncated', '', 'length'],
    ['truncated', 'A river ret', 'length'],
    ['truncated', '{"quotes":[{"te', 'length'],
    ['content_filter', 'A river returns.', 'refusal'],
    ['content_filter', 'A river ret', 'content_filter'],
    ['unreadable', '42', 'stop'],
    ['unreadable', '{"sorry":true}', 'stop'],
  ] as const)('finds the fault %s in %p (%s)', (fault, text, finishReason) => {
    expect(check(text, finishReason)).toEqual({ fault });
  });

  it.each([
    'I’m sorry, but I can’t help with that.',
    'I am sorry, I am not able to write this.',
    "I can't write quotes about that topic.",
    'I cannot assist with this request.',
    'Unfortunately, I am unable to do so.',
    'As an AI language model, I have no feelings.',
  ])('takes %p for a refusal', (text) => expect(check(text)).toEqual({ fault: 'refused' }));

  it.each([
    'I cannot hold the sea, but I can hold a cup.',
    'Sorry is a bridge with one plank.',
    'I can’t carry the hill; I can carry a stone.',
    'I will not answer a door that has no knock.',
  ])('takes %p for a quote', (text) => expect(check(text)).toEqual({ quotes: [text] }));
});
