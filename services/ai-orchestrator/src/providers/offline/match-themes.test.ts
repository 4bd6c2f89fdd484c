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
