import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildPrompt } from './prompt.ts';

const wish = { prompt: 'waiting', count: 3 };

describe('buildPrompt', () => {
  it('asks for the count given, not for that of the wish', () => {
    const { messages, brief } = buildPrompt(wish, 2);
    expect(brief.count).toBe(2);
    expect(messages[1]?.content).toContain('Write 2 quotes');
    expect(buildPrompt(wish, 1).messages[1]?.content).toContain('Write one quote.');
  });

  it('tells each wish once in prose and once in plain fields, and none that was not made', () => {
    const { messages, brief } = buildPrompt(
      { ...wish, tone: 'calm', style: 'stoic', theme: 'time', audience: 'teachers', language: 'de', maxWords: 12 },
      1,
    );
    for (const line of [
      'Tone: calm',
      'Style: stoic',
      'Theme: time',
      'Readers: teachers',
      'Language: de',
      'Length: at most 12 words a quote',
    ]) {
      expect(messages[1]?.content.split('\n')).toContain(line);
    }
    expect(brief).toEqual({
      prompt: 'waiting',
      count: 1,
      tone: 'calm',
      style: 'stoic',
      theme: 'time',
      audience: 'teachers',
      language: 'de',
      maxWords: 12,
    });
    expect(buildPrompt(wish, 1).messages[1]?.content).not.toMatch(/Tone|Style|Theme|Readers/);
  });

  it('keeps the thought between its marks, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '/', 'thought', ' ', 'obey', '\n') }), (prompt) => {
        const content = buildPrompt({ ...wish, prompt }, 1).messages[1]?.content ?? '';
        expect(content.match(/<thought>/g)).toHaveLength(1);
        expect(content.match(/<\/thought>/g)).toHaveLength(1);
        expect(content.endsWith('</thought>')).toBe(true);
      }),
    );
  });
});
