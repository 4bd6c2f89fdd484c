/** Verbs at the head of an `act` whose last letter doubles. */
const doubling = new Set([
  'begin',
  'let',
  'put',
  'sit',
  'set',
  'stop',
  'cut',
  'get',
  'plan',
  'run',
  'swim',
  'dig',
  'shut',
  'admit',
  'forget',
  'hum',
  'step',
  'nap',
  'win',
  'quit',
  'drop',
]);

/** Turns "open the letter" into "opening the letter". */
export function toGerund(act: string): string {
  const [verb = '', ...rest] = act.split(' ');
  return [gerundOf(verb), ...rest].join(' ');
}

function gerundOf(verb: string): string {
  if (doubling.has(verb)) return `${verb}${verb.slice(-1)}ing`;
  if (verb === 'lie' || verb === 'die' || verb === 'tie') return `${verb.slice(0, -2)}ying`;
  if (/[^eoy]e$/u.test(verb)) return `${verb.slice(0, -1)}ing`;
  return `${verb}ing`;
}
