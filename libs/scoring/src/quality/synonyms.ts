import { listOf, stem } from '../text/stem.ts';

/** Words near enough in meaning that a quote may answer one with another. The first names the group. Hand-written. */
const groups = `
  patience wait waiting slow endure steady calm persist
  courage brave bold fear fearless dare risk bravery
  hope dawn tomorrow light optimism promise faith trust
  love heart affection beloved tender care kindness devotion
  loss grief mourn sorrow missing gone farewell goodbye death
  friendship friend companion together company neighbor
  family mother father child parent home daughter son brother sister
  work labor craft effort job toil career task build trade
  success achieve achievement win victory triumph goal accomplish
  failure fail mistake fall error defeat stumble wrong
  change new become turn transform begin shift grow different
  growth grow learn root seed bloom improve become
  learning learn teach study teacher student school lesson knowledge wisdom wise
  time hour day clock year moment minute season age late
  peace calm quiet still silence rest serene stillness
  happiness joy happy smile laugh glad delight cheerful
  sadness sad tear weep lonely sorrow blue melancholy cry
  anger angry rage fury temper forgive
  forgiveness forgive pardon mercy grudge mend
  freedom free liberty cage wing open choice choose
  truth honest honesty true lie real sincere
  nature tree forest river mountain sea rain earth garden flower wind
  ocean sea wave tide shore water sail boat
  travel journey road path walk map wander destination way
  creativity create art imagine imagination idea invent write paint music
  leadership lead leader guide follow example serve
  strength strong power endure resilience resilient rise bend
  resilience resilient rise recover bend mend endure storm
  gratitude thank thankful grateful appreciate gift
  dream sleep vision wish imagine aspiration
  future tomorrow ahead next coming horizon
  past yesterday memory remember history old
  memory remember forget past nostalgia recall
  health body heal healing breath well rest sleep
  money rich wealth poor coin gold worth
  perseverance persist persevere continue endure determination keep step discipline
  solitude alone lonely silence self
  morning dawn sunrise wake coffee begin day
  night dark star moon sleep evening
  war battle fight peace conflict enemy
  justice fair equal right law
  confidence confident believe self doubt trust worth
  simplicity simple plain less enough
  humor laugh joke funny smile wit
`;

const groupsByStem = indexGroups();

/** Tells whether two stems stand in one group. */
export function areNear(a: string, b: string): boolean {
  const mine = groupsByStem.get(a);
  const others = groupsByStem.get(b);
  return mine !== undefined && others !== undefined && mine.some((group) => others.includes(group));
}

function indexGroups(): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, number[]>();
  for (const [group, line] of groups.trim().split('\n').entries()) {
    for (const word of new Set(listOf(line).map(stem))) index.set(word, [...(index.get(word) ?? []), group]);
  }
  return index;
}
