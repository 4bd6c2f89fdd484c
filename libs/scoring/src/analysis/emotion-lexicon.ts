import { listOf, stem } from '../text/stem.ts';

/** One emotion, the tone that a text full of it has, and where it lies on Russell's circumplex (1980). */
export interface EmotionClass {
  readonly name: string;
  readonly tone: string;
  /** -1 unpleasant to 1 pleasant. */
  readonly valence: number;
  /** 0 at rest to 1 excited. */
  readonly arousal: number;
  readonly words: ReadonlySet<string>;
}

/**
 * The emotions that are told apart, with the words that speak of them. Hand-written for short reflective prose, where
 * "light" speaks of hope and "home" of love; after the manner of the NRC lexicon (Mohammad and Turney, 2013), of which it
 * holds nothing. A word may stand in two classes.
 */
export const emotionClasses: readonly EmotionClass[] = [
  emotion(
    'joy',
    'joyful',
    0.9,
    0.7,
    `
    joy joyful joyous happy happiness happily glad gladness delight delighted delightful cheer cheerful merry celebrate celebration
    smile laugh laughter sing song dance bliss ecstatic elated festive sunshine bright radiant thrill thrilled rejoice jubilant
    pleasure fun enjoy sparkle sweet sweetness feast`,
  ),
  emotion(
    'hope',
    'hopeful',
    0.7,
    0.5,
    `
    hope hopeful hopefully dawn tomorrow sunrise morning promise possible possibility begin beginning begun light lantern lamp candle
    seed sprout bloom blossom bud spring faith believe trust optimism optimistic future horizon someday renew renewal rebirth await
    opportunity ahead open window door star glimmer`,
  ),
  emotion(
    'love',
    'loving',
    0.9,
    0.5,
    `
    love beloved lover loving heart affection adore cherish tender tenderness embrace kiss darling devotion devoted caring care warmth
    warm kind kindness compassion companion friend friendship together belong home hug gentle dear intimacy forgive forgiveness mother
    father child`,
  ),
  emotion(
    'gratitude',
    'grateful',
    0.8,
    0.35,
    `
    grateful gratitude thank thanks thankful thankfulness appreciate appreciation bless blessed blessing gift given generous generosity
    grace gracious plenty abundance enough receive thanksgiving owe bounty`,
  ),
  emotion(
    'courage',
    'courageous',
    0.5,
    0.75,
    `
    courage courageous brave bravery bold boldness dare daring fearless hero heroic valor lion leap risk stand confront face fight fighter
    warrior defy defiant defiance adventure venture guts nerve unafraid rise rose risen`,
  ),
  emotion(
    'determination',
    'determined',
    0.4,
    0.65,
    `
    determined determination persist persistence persevere perseverance endure endurance strive effort work discipline practice
    steady step climb push keep continue will resolve resolute relentless strong strength power goal aim train build builder forge
    grit stubborn finish achieve earn mountain summit`,
  ),
  emotion(
    'serenity',
    'serene',
    0.6,
    0.1,
    `
    calm peace peaceful serene serenity quiet quietly still stillness silence silent rest restful breathe breath gentle soft softly slow
    slowly tranquil ease easy harmony balance balanced patience patient lake drift settle simple simplicity meadow content contentment
    accept acceptance wait`,
  ),
  emotion(
    'wonder',
    'curious',
    0.6,
    0.6,
    `
    wonder wonderful wondering awe awesome marvel marvelous mystery mysterious magic magical miracle curious curiosity discover
    discovery explore explorer imagine imagination astonish astonishing surprise infinite universe cosmos galaxy strange unknown
    question ask enchant dazzle beauty beautiful`,
  ),
  emotion(
    'reflection',
    'reflective',
    0.1,
    0.2,
    `
    think thought thoughtful reflect reflection ponder wise wisdom truth true understand understanding mind know knowledge learn lesson
    meaning meaningful insight consider contemplate philosophy mirror listen perspective question answer realize why perhaps soul
    teach teacher`,
  ),
  emotion(
    'nostalgia',
    'nostalgic',
    0.1,
    0.25,
    `
    remember remembered memory memories nostalgia nostalgic yesterday childhood once ago old former past forgotten photograph
    familiar youth attic grandmother grandfather keepsake echo faded bygone recall`,
  ),
  emotion(
    'sadness',
    'melancholic',
    -0.7,
    0.25,
    `
    sad sadness sorrow sorrowful grief grieve mourn mourning weep wept cry tear lonely loneliness alone loss lost lose miss
    missing farewell goodbye gone broken break hurt pain ache aching despair hopeless melancholy gloom gloomy empty emptiness wound grave
    regret suffer suffering leave left death die heartbreak winter`,
  ),
  emotion(
    'fear',
    'anxious',
    -0.6,
    0.8,
    `
    fear fearful afraid scared scare frighten fright terror terrified anxious anxiety worry worried dread panic nervous danger
    dangerous threat doubt doubtful uncertain tremble shiver nightmare haunt horror dark darkness shadow storm flee hide unsafe`,
  ),
  emotion(
    'anger',
    'angry',
    -0.6,
    0.85,
    `
    anger angry rage fury furious hate hatred resent resentment bitter bitterness outrage wrath hostile enemy revenge vengeance cruel
    cruelty betray betrayal injustice unfair insult scorn contempt violence war burn scream destroy blame`,
  ),
  emotion(
    'humor',
    'playful',
    0.7,
    0.6,
    `
    funny humor humorous joke joking laugh laughter silly absurd ridiculous clown tickle grin giggle wit witty comic comedy
    mischief mischievous prank goofy nonsense playful play sock umbrella cat refrigerator sandwich spoon coffee cake trousers`,
  ),
  emotion(
    'pride',
    'proud',
    0.6,
    0.6,
    `
    proud pride dignity dignified honor honour honored triumph triumphant victory victorious glory glorious accomplish accomplishment
    achievement success successful champion excellence worthy worth noble crown legacy win winner respect`,
  ),
];

function emotion(name: string, tone: string, valence: number, arousal: number, words: string): EmotionClass {
  return { name, tone, valence, arousal, words: new Set(listOf(words).map(stem)) };
}
