import { dropListMark } from './parse-answer.ts';

/** More of the text of one quote, counted from 0. */
export interface Delta {
  readonly index: number;
  readonly text: string;
}

/** The beginning of a line is held back this far, until it is known whether it is the mark of a list. */
const markLengthMax = 6;

/** Cuts a text that arrives in pieces into deltas. */
export interface DeltaSplitter {
  /** Takes the next piece and gives what can be told of it. */
  push(piece: string): Delta[];
  /** Gives what was held back, at the end. */
  end(): Delta[];
}

/**
 * Creates the splitter of one answer of one quote a line, at most `count` of them.
 *
 * For an answer in the form asked for, the deltas of an index put together are that quote, however it was cut in pieces.
 * An answer that begins as JSON or fenced gives none: its quotes are known at its end alone.
 */
export function createDeltaSplitter(count: number): DeltaSplitter {
  let index = 0;
  /** Text of the current line that has not been told: its beginning, or spaces that may be its end. */
  let held = '';
  let told = false;
  let silent = false;

  function tell(last: boolean): Delta[] {
    if (!told) {
      held = held.trimStart();
      if (held === '' || (!last && held.length < markLengthMax)) return [];
      if (index === 0 && /^[{[`]/u.test(held)) silent = true;
      held = dropListMark(held);
    }
    const text = held.trimEnd();
    held = last ? '' : held.slice(text.length);
    if (text === '' || silent || index >= count) return [];
    told = true;
    return [{ index, text }];
  }

  function endLine(): Delta[] {
    const deltas = tell(true);
    if (told) index += 1;
    held = '';
    told = false;
    return deltas;
  }

  return {
    push(piece) {
      const [first = '', ...lines] = piece.split(/[\r\n\u2028\u2029]/u);
      held += first;
      const deltas: Delta[] = [];
      for (const line of lines) {
        deltas.push(...endLine());
        held = line;
      }
      deltas.push(...tell(false));
      return deltas;
    },
    end: endLine,
  };
}
