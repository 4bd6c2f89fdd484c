import { lines } from './theme.ts';

/** The voices the composer has. */
export type Tone = 'bold' | 'calm' | 'defiant' | 'grateful' | 'hopeful' | 'reflective' | 'stoic' | 'tender' | 'wistful' | 'witty';

/** Last sentences by tone: short, about no theme, fit after any quote. */
export const codas: Readonly<Record<Tone, readonly string[]>> = {
  bold: lines(`
    Go and see
    Start before the hour strikes
    Be the one who moves first
    Take it by the handle
    Say so out loud
    The floor is yours`),
  calm: lines(`
    Breathe, and let it be so
    There is no need to raise your voice
    Sit with that a while
    Quiet is how it works
    The rest can settle by itself
    Peace is mostly this`),
  defiant: lines(`
    Let them laugh
    They may keep their permission
    No one gets to vote on it
    Refuse the smaller version
    Let the doubters keep their chairs
    I will not argue the point; I will live it`),
  grateful: lines(`
    I have been thankful ever since
    What a gift, to have noticed
    Say thank you while the light is good
    I would not trade it
    Not a day of it was owed to me
    Thank whoever left the gate open`),
  hopeful: lines(`
    Morning can do the rest
    There is time yet
    Keep a lamp lit for it
    Tomorrow is already leaning in
    It will be lighter than you think
    Something is on its way`),
  reflective: lines(`
    I am still thinking about that
    Perhaps we always knew
    It takes a life to read that sentence twice
    Wisdom is slow to say more
    I wonder who taught us otherwise
    The rest is footnotes`),
  stoic: lines(`
    That is all, and it will do
    Carry what is yours
    The rest is weather
    Complaint adds nothing
    Do it, then sleep
    Stand where you stand`),
  tender: lines(`
    Be gentle with whoever forgets it
    Hold it lightly
    Tell someone you love
    Let it be soft today
    You are allowed to rest on that
    Come in; sit by the fire`),
  wistful: lines(`
    I knew it once, in another kitchen
    How long ago that summer was
    I would give a good deal to hear it again
    We were young and it was evening
    The photograph leaves that part out
    I miss how little we knew then`),
  witty: lines(`
    I checked twice
    The experts are still in a meeting
    My cat has known this for years
    It is not on the invoice
    The brochure was less clear
    You may quote the kettle`),
};

/** Other words for a tone or a style, by stem; a space at its end stands for the end of the word. */
const stems: Readonly<Record<Tone, readonly string[]>> = {
  bold: [
    'bold',
    'brave',
    'courag',
    'strong',
    'motivat',
    'energ',
    'power',
    'confiden',
    'fierce',
    'determin',
    'proud',
    'triumph',
    'epic',
    'heroic',
    'urgent',
    'passion',
    'direct',
    'assert',
    'ambitio',
  ],
  calm: ['calm', 'seren', 'peace', 'quiet', 'sooth', 'zen', 'haiku', 'mindful', 'still', 'relax', 'minimal', 'simple', 'meditat', 'slow'],
  defiant: ['defian', 'rebel', 'angry', 'furious', 'fiery', 'protest', 'punk', 'bitter', 'dark', 'gritty', 'radical', 'edgy'],
  grateful: ['grate', 'gratitud', 'thank', 'appreciat', 'humble', 'joy', 'happy', 'celebrat', 'cheer', 'bless', 'delight'],
  hopeful: ['hope', 'optimis', 'inspir', 'uplift', 'encourag', 'bright', 'positive', 'confident', 'spirit', 'dream', 'resilien', 'comfort'],
  reflective: [
    'reflect',
    'thought',
    'philosoph',
    'wise',
    'wisdom',
    'contempl',
    'serious',
    'wonder',
    'mystic',
    'literary',
    'poetic',
    'poem',
    'neutral',
    'academic',
    'profound',
    'deep',
    'proverb',
    'formal',
    'profession',
  ],
  stoic: [
    'stoic',
    'stern',
    'sober',
    'plain',
    'austere',
    'disciplin',
    'aphoris',
    'terse',
    'dry',
    'blunt',
    'tough',
    'matter-of-fact',
    'laconic',
    'rational',
  ],
  tender: [
    'tender',
    'gentle',
    'warm',
    'kind',
    'love',
    'loving',
    'romant',
    'soft',
    'compassion',
    'caring',
    'intimate',
    'sweet',
    'affection',
    'empath',
  ],
  wistful: ['wistful', 'nostalg', 'melanchol', 'sad', 'bittersweet', 'somber', 'sombre', 'longing', 'mourn', 'elegiac', 'yearn', 'blue'],
  witty: [
    'wit ',
    'witt',
    'humor',
    'humour',
    'fun ',
    'funn',
    'playful',
    'ironic',
    'sarcas',
    'sardonic',
    'comic',
    'light',
    'clever',
    'whimsic',
    'quirky',
    'silly',
    'sassy',
  ],
};

/** The voices for a brief without a tone. */
export const plainTones: readonly Tone[] = ['calm', 'hopeful', 'reflective', 'stoic'];

/** Every tone. */
export const tones = Object.keys(codas) as Tone[];

/** Gives the voices nearest to the tone and style asked for, in their order; none for words it doesn't know. */
export function nearestTones(...wishes: readonly string[]): Tone[] {
  const words = wishes.flatMap((wish) => wish.toLowerCase().match(/[a-z-]{3,40}/gu) ?? []);
  const found = words.flatMap((word) => {
    const exact = tones.filter((tone) => tone === word);
    return exact.length > 0 ? exact : tones.filter((tone) => stems[tone].some((stem) => `${word} `.startsWith(stem))).slice(0, 1);
  });
  return [...new Set(found)];
}
