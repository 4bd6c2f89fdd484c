/** What a noun stands for: a thing or place that can be counted, what can't be counted, a person, or something that happens. */
export type NounKind = 'event' | 'person' | 'stuff' | 'thing';

/** Singular nouns that the composer can weave in, by kind. Names of themes are not among them. */
const nounsByKind: Readonly<Record<NounKind, string>> = {
  thing: `airport morning evening night story song question anchor animal apple apron attic backpack bakery balcony basket beach bed bee bell bench bicycle bike bird blanket boat book bookshop
    bookshelf bottle bowl box bridge broom bus butterfly cabin cafe camera campfire candle canoe canvas car cat cathedral chair church city classroom
    clinic clock cloud coast coat compass computer corner cottage cradle cup dam deck desert desk diary dog donkey door drawer drum engine
    envelope factory farm feather fence field fire fireplace fish flag flower forest fountain fox garage garden gate glacier glass greenhouse guitar
    hammer harbor harbour hat hill hive horse hospital hotel house instrument island jar journal kettle keyboard kitchen kite knife ladder
    lake lamp landscape lantern laptop lawn leaf letter library lighthouse loom machine map market mask meadow mirror moon mountain
    museum needle nest notebook oak ocean office orchard oven owl page painting park path pen pencil phone photograph photo piano plant
    playground pocket pond porch prison puzzle quilt radio railway raincoat recipe reef ring river road robot rock roof room root rope rose sail
    school screen sea seed shadow sheep shell ship shoe shop shore sky smartphone spider spoon staircase star startup stone stove street studio suitcase
    table teapot telescope tent theatre theater thread tool tower town toy tractor trail train tree tunnel typewriter umbrella vegetable
    vase village vineyard violin wall waterfall wave wheel whale window wing wolf workshop yard`,
  person: `actor apprentice architect artist astronaut athlete aunt baby baker barista boss boy brother builder carer carpenter chef child
    citizen classmate cleaner clerk coach colleague composer cook coworker customer dancer daughter dentist designer developer doctor driver editor employee
    engineer entrepreneur farmer father firefighter fisherman florist founder freelancer gardener girl goalkeeper grandchild granddaughter grandfather
    grandmother grandparent grandson guest guide hiker husband immigrant intern journalist judge kid king lawyer leader librarian manager
    mechanic mentor mother musician neighbor neighbour newborn nurse orphan painter parent partner passenger patient pharmacist philosopher photographer
    physicist pilot player poet president priest prisoner professor programmer queen refugee reader researcher runner sailor scientist sculptor
    shepherd singer sister soldier son stranger student surgeon tailor teacher teammate teenager therapist toddler trainer traveler traveller uncle
    veteran villager volunteer waiter waitress widow widower wife worker writer`,
  stuff: `art baking ballet basketball blood bread chess chocolate clay climbing code coding coffee cooking copper cotton dance dancing dust earth farming fishing fog football frost
    fruit gardening glue gold grass hiking homework honey ice ink jazz juggling knitting laundry math mathematics money moonlight mud music oil opera paint paper photography
    poetry pottery rain rice rust salt sand sewing smoke snow soap soccer soil soup starlight steam steel sugar sunlight sunshine surfing swimming tea tennis thunder traffic
    water wind wine wood wool yoga`,
  event: `anniversary appointment argument audition birthday breakup ceremony challenge commute competition concert conversation
    crisis deadline debate decision divorce election exam examination exhibition experiment farewell festival funeral game
    goodbye graduation harvest holiday hurricane illness interview invitation job journey layoff lecture lesson match 
    meeting milestone move negotiation operation pandemic performance pilgrimage playdate
    presentation project promotion quarrel race recital rehearsal reunion season semester shift 
    speech sprint storm sunrise sunset surgery test thunderstorm tournament trip vacation visit voyage
    wedding weekend `,
};

const irregularPlurals: ReadonlyMap<string, string> = new Map([
  ['children', 'child'],
  ['wives', 'wife'],
  ['leaves', 'leaf'],
  ['knives', 'knife'],
  ['wolves', 'wolf'],
  ['shelves', 'shelf'],
  ['fishermen', 'fisherman'],
  ['grandchildren', 'grandchild'],
  ['crises', 'crisis'],
  ['diaries', 'diary'],
  ['cities', 'city'],
  ['stories', 'story'],
]);

const kinds: ReadonlyMap<string, NounKind> = new Map(
  (Object.keys(nounsByKind) as NounKind[]).flatMap((kind) => nounsByKind[kind].split(/\s+/u).map((noun) => [noun, kind] as const)),
);

/** Finds a noun by its singular or plural; undefined for a word that isn't in the list. */
export function findNoun(word: string): { readonly noun: string; readonly kind: NounKind } | undefined {
  const forms = [
    word,
    irregularPlurals.get(word),
    word.replace(/ies$/u, 'y'),
    word.replace(/(?<=s|x|ch|sh|z)es$/u, ''),
    word.replace(/(?<!s)s$/u, ''),
  ];
  for (const noun of forms) {
    const kind = noun === undefined ? undefined : kinds.get(noun);
    if (noun !== undefined && kind !== undefined) return { noun, kind };
  }
  return undefined;
}
