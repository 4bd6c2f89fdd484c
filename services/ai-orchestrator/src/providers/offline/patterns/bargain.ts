import { family } from '../pattern.ts';

/** What it costs and what it gives. */
export const bargain = family('bargain', [
  ['price-gift', '{noun} takes {price} and leaves you {gift}', ['stoic', 'witty']],
  ['cheap', '{price} for {gift}: {noun} has always been a bargain', ['witty', 'grateful']],
  ['not-sold', '{shadow} will offer you {price}. {noun} can only offer {gift}. Choose slowly', ['reflective', 'calm']],
  ['pays-late', '{noun} pays late and in odd coin: {gift}, {gift2}', ['witty', 'hopeful']],
  ['gave-up', 'what I gave up: {price}. What I got: {gift}', ['grateful', 'bold', 'stoic']],
  ['thank', 'thank {noun} for {gift}. You paid with {price}, and it was never too much', ['grateful', 'tender']],
  ['inherit', 'leave the next ones {gift}. It will cost you {price}, and you will not miss it', ['hopeful', 'bold']],
  ['bill', 'the bill for {noun} comes to {price}. Pay it, and {act}', ['witty', 'bold']],
]);
