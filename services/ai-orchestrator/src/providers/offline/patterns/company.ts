import { family } from '../pattern.ts';

/** Two themes that need each other. */
export const company = family('company', [
  ['each-does', '{noun} {does}; {other} {otherDoes}', ['calm', 'reflective']],
  ['needs', '{noun} {short} and {other} {otherShort}; with both you get {gift}', ['stoic', 'witty'], 0.6],
  ['sisters', '{noun} and {other} are sisters: one {does}, the other {otherDoes}', ['tender', 'witty']],
  ['between', 'all that lies between {noun} and {other}: {image}', ['reflective', 'wistful'], 0.7],
  ['door-road', 'bring {virtue}, which {does}. Bring {otherVirtue}, which {otherDoes}. Leave {shadow} at home', ['bold', 'hopeful']],
  ['taught', '{other} taught {noun} that {truth}', ['tender', 'reflective'], 0.7],
  ['ends-as', 'what begins as {noun} often ends as {otherVirtue}. The first {does}; the second {otherDoes}', ['hopeful', 'grateful']],
]);
