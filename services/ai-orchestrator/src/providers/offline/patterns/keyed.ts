import { family } from '../pattern.ts';

// {theKey} is "the garden", {aKey} "a garden" or, of what can't be counted, "rain"; {key} is the bare word. All are singular.

/** With the prompt's own noun, a thing or a place. */
export const keyedThing = family('keyed-thing', [
  ['ask', 'ask {theKey} about {noun}: {truth}'],
  ['taught', '{theKey} taught me {virtue} without once using the word. {truth}', ['grateful', 'wistful', 'reflective']],
  ['more-in', 'there is more {virtue} in {aKey} than in most speeches about it: {truth}', ['witty', 'stoic']],
  ['no-speech', '{theKey} made no speech. It only showed that {truth}', ['stoic', 'calm', 'reflective']],
  ['bring', 'whatever you bring to {theKey}, bring {virtue}: it {does}', ['hopeful', 'bold']],
  ['names', '{aKey}, {image}: {noun} goes by many names', ['tender', 'wistful', 'grateful']],
  ['came-back', 'I came to {theKey} with {shadow} and left with {gift}', ['grateful', 'tender', 'hopeful']],
  ['two-ways', 'there are two ways to see {aKey}: {shadow} {shadowDoes}, {noun} {does}', ['witty', 'stoic', 'bold']],
  ['knows', 'even {theKey} knows it: {truth}', ['witty', 'defiant', 'calm']],
  ['because-of', 'because of {theKey} I believe that {truth}', ['hopeful', 'grateful', 'tender']],
]);

/** With the prompt's own noun, a person. */
export const keyedPerson = family('keyed-person', [
  ['told', '{aKey} once told me that {truth}', ['wistful', 'tender', 'grateful']],
  ['owe', 'what I owe to {aKey}: {gift}, and the knowledge that {truth}', ['grateful', 'tender']],
  ['needs-to-hear', 'somewhere {aKey} needs to hear this tonight: {truth}', ['hopeful', 'tender']],
  ['give', 'give {aKey} {gift}, and keep the advice for yourself', ['witty', 'stoic'], 0.7],
  ['any', 'any {key} can tell you about {noun}: it {does}', ['stoic', 'witty', 'bold']],
  ['watching', 'act as if {aKey} were learning {virtue} from you: {act}', ['bold', 'stoic', 'hopeful']],
  ['sees', 'where others see {aKey}, look for {image}', ['tender', 'reflective'], 0.7],
  ['be', 'to be {aKey} is to know that {truth}', ['reflective', 'calm', 'defiant']],
]);

/** With the prompt's own noun, something that happens. */
export const keyedEvent = family('keyed-event', [
  ['before-after', 'before {theKey}: {act}. After {theKey}: {act2}', ['stoic', 'witty', 'calm']],
  ['night-before', 'the night before {theKey}, remember that {truth}', ['tender', 'calm', 'hopeful']],
  ['passes', '{theKey} passes. What stays is {gift}', ['wistful', 'stoic', 'grateful'], 0.7],
  ['arrive', 'everyone comes to {theKey} with {shadow}; come with {virtue} as well', ['bold', 'hopeful', 'tender'], 0.7],
  ['survives', '{noun} outlives {theKey}. It {does}', ['defiant', 'hopeful'], 0.8],
  ['not-the-point', '{theKey} was never the point. The point was {gift}', ['reflective', 'witty', 'wistful'], 0.7],
  ['asks', '{theKey} may cost you {price}. Let {noun} answer: it {does}', ['bold', 'stoic', 'defiant']],
  ['learned', 'what {theKey} taught me about {noun}: {truth}', ['reflective', 'grateful', 'wistful']],
]);
