import { functionWords } from '../text/common-words.ts';
import { listOf, stem, stemsOf } from '../text/stem.ts';
import { tokenize } from '../text/tokenize.ts';
import { isEnglish } from './brief.ts';
import type { ScoringBrief } from './brief.ts';

const jargon = stemsOf(`
  leverage synergy paradigm optimize optimise maximize utilization utilize holistic ecosystem stakeholder actionable impactful
  proactive scalable seamless robust empower empowerment actualization mindset multifaceted transformative unprecedented
  manifestation vibrational facilitate implementation methodology framework deliverable bandwidth disruptive innovative
`);
const concrete = stemsOf(`
  river stone tree root leaf seed garden soil rain storm wind sea wave shore boat sail anchor harbor mountain hill valley path
  road bridge door window wall house roof lamp candle fire ash smoke bread salt water cup table chair hand foot eye mouth heart
  bone breath bird wing nest wolf horse dog bee honey flower thorn field harvest winter spring summer autumn snow ice sun moon
  star night morning dawn dusk shadow light song drum bell string thread needle cloth coat pocket key lock letter page pen ink
  book map compass ladder rope hammer nail brick knife clock mirror child mother father friend neighbor stranger street city
`);
/** Pairs of letters that hardly any language written in Latin letters has within a word. */
const strangePairs = listOf(
  'bq bx cj cx dx fq fx gq gx hx jb jc jd jf jg jh jk jl jm jn jp jq jr js jt jv jw jx jz kq kx kz mx pq px qb qc qd qf qg qh qj qk ql qm qn qp qr qs qt qv qw qx qy qz sx tq vb vf vj vk vm vp vq vw vx wq wx xj xk xq xz zf zj zq zx',
);

/**
 * Measures whether a text is written in plain, concrete words; 0 without a word.
 *
 * Short words read easily (Flesch, A New Readability Yardstick, 1948, with word length in place of syllables, which can't be
 * counted without a dictionary), things one can see stay in memory (Paivio, Imagery and Verbal Processes, 1971), and office
 * language does neither. Strings that no mouth could say, or, in English, four words and more without a single small word, are
 * taken for noise.
 */
export function scoreClarity(text: string, brief: ScoringBrief): number {
  const words = tokenize(text);
  if (words.length === 0) return 0;
  const share = (test: (word: string) => boolean): number => words.filter(test).length / words.length;
  const letters = words.reduce((sum, word) => sum + word.length, 0) / words.length;

  let score = 0.8;
  score -= 0.16 * Math.max(0, letters - 5.2);
  score -= 0.8 * share((word) => word.length > 11);
  score -= 2 * share((word) => jargon.has(stem(word)));
  score += Math.min(0.2, 1.2 * share((word) => concrete.has(stem(word))));
  score *= 1 - share(isUnsayable);
  if (isEnglish(brief) && words.length > 3 && words.some(isLatin) && !words.some((word) => functionWords.has(word))) score *= 0.5;
  return score;
}

function isLatin(word: string): boolean {
  return /^[\p{Script=Latin}\p{M}']+$/u.test(word);
}

/** No vowel, six consonants in a row, one letter thrice, or a pair of letters that no word has. Latin letters only. */
function isUnsayable(word: string): boolean {
  if (!isLatin(word) || word.length < 3) return false;
  const plain = word.normalize('NFD').replaceAll(/[\p{M}']/gu, '');
  return (
    !/[aeiouyæøœ]/u.test(plain) || /[bcdfghjklmnpqrstvwxz]{6}|(.)\1\1/u.test(plain) || strangePairs.some((pair) => plain.includes(pair))
  );
}
