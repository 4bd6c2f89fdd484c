import { describe, expect, it } from '@jest/globals';
import { matchThemes } from './match-themes.ts';
import { nearestTones } from './tones.ts';

function themesOf(prompt: string, theme = ''): string[] {
  return matchThemes({ prompt, theme, audience: '' }).map((match) => match.theme.noun);
}

describe('matchThemes', () => {
  it('puts the theme asked for first', () => {
    expect(themesOf('waiting for the rain', 'friendship')[0]).toBe('friendship');
  });

  it('knows themes by related words', () => {
    expect(themesOf('I miss my late grandmother')).toContain('grief');
    expect(themesOf('burnout and weekends')).toContain('rest');
    expect(themesOf('Debugging our software before the deadline')).toContain('work');
  });

  it('is not misled by words that only look alike', () => {
    expect(themesOf('a startup')).not.toContain('nature');
    expect(themesOf('the deadline')).not.toContain('grief');
    expect(themesOf('a painting of pasta in a window')).toEqual(['imagination']);
    expect(themesOf('my career')).toEqual(['work']);
  });

  it('takes broad themes for a prompt that names none', () => {
    expect(themesOf('xyzzy').length).toBeGreaterThanOrEqual(5);
  });
});

describe('nearestTones', () => {
  it('finds tones by their own names and by others, in tone and style', () => {
    expect(nearestTones('Wistful', '')).toEqual(['wistful']);
    expect(nearestTones('melancholic but funny', 'haiku')).toEqual(['wistful', 'witty', 'calm']);
    expect(nearestTones('with funerals', 'xyzzy')).toEqual([]);
  });
});
