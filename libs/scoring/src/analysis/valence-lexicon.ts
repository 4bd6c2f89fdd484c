import { listOf, stem } from '../text/stem.ts';

/** Words by how pleasant they are, -4 to 4. Hand-written, on the scale of VADER (Hutto and Gilbert, 2014) but with none of its entries. */
const wordsByValence: Readonly<Record<string, string>> = {
  '3.2': 'love beloved joy joyful bliss wonderful magnificent glorious triumph ecstatic adore paradise miracle splendid superb',
  '2.6': `happy happiness delight delighted delightful beautiful beauty brilliant celebrate celebration cherish excellent victory freedom
    peace peaceful kindness compassion grateful gratitude laughter thrilled radiant rejoice blessed heaven best`,
  '2': `hope hopeful laugh smile friend friendship kind gentle generous brave courage courageous grace honor honour heal healing warm warmth
    trust faith inspire inspiration success successful win winner wise wisdom bright sunshine free proud strong strength treasure gift good
    great glad cheer cheerful enjoy fun pleasure tender loyal noble calm serene serenity thank thankful appreciate safe bloom blossom dream
    forgive forgiveness sweet embrace better`,
  '1.4': `light dawn sunrise spring seed grow growth bold patience patient promise believe possible possibility create creative discover play
    song sing dance music home heart together worth worthy true truth honest fair rich plenty harmony balance ease easy fresh new renew rise
    improve achieve accomplish build mend care support help helpful share welcome open clear simple steady progress opportunity adventure
    bridge harvest garden star flourish learn comfort rest soft well`,
  '0.8':
    'begin beginning curious curiosity wonder quiet still enough ready wings fly morning horizon persist endure practice effort able alive listen accept spark become',
  '-0.8': `slow hard old small dark shadow silence late wait cold stubborn stranger difficult doubt question leave end limit winter ordinary
    forget heavy tired busy unknown ash wall`,
  '-1.4': `lose lost loss miss missing fall fail failure mistake worry worried anxious alone storm wound scar tear struggle burden weak weakness
    broken break empty regret blame bitter poor hunger thorn risk problem trouble refuse wrong weary fade ignore quit debt trap stumble ache
    nervous confused shame`,
  '-2': `sad sadness sorrow fear afraid cry weep lonely loneliness angry anger hurt pain suffer suffering danger dangerous cruel hopeless ugly
    defeat enemy gloom melancholy bad grief mourn resent resentment hostile scared panic dread ruin chaos betray injustice unfair greed envy
    jealous selfish guilt worthless useless foolish waste hell`,
  '-2.6':
    'death die dead despair hate hatred terror horror rage fury war violence cruelty betrayal disaster misery agony terrible awful horrible worst destroy evil disgust',
  '-3.2': 'murder torture genocide slaughter kill abuse torment catastrophe atrocity',
};

/** Valence of a word by its stem, -4..4. */
export const valenceByStem: ReadonlyMap<string, number> = new Map(
  Object.entries(wordsByValence).flatMap(([valence, words]) => listOf(words).map((word) => [stem(word), Number(valence)] as const)),
);
