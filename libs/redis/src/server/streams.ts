import type { BusEvent } from '../face.ts';

/** One entry of a stream as it is read. */
export interface StreamEntry {
  readonly id: string;
  /** Undefined for an entry that holds no event of ours. */
  readonly event: BusEvent | undefined;
}

/** The stream of a topic. The braces keep what belongs to a topic on one node of a cluster. */
export function eventStream(topic: string): string {
  return `qm:bus:{${topic}}`;
}

/** Where a topic's events go that no handler could take. */
export function deadStream(topic: string): string {
  return `qm:bus:dead:{${topic}}`;
}

/** Reads what XREAD and XREADGROUP answer for one stream; nothing when the wait was over. */
export function parseStreams(answer: unknown): StreamEntry[] {
  if (!Array.isArray(answer)) return [];
  return answer.flatMap((stream: unknown) => (Array.isArray(stream) ? parseEntries(stream[1]) : []));
}

/** Reads a list of entries, as XAUTOCLAIM and XREVRANGE answer them. */
export function parseEntries(entries: unknown): StreamEntry[] {
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) => {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string') return [];
    return [{ id: entry[0], event: parseEvent(entry[1]) }];
  });
}

function parseEvent(fields: unknown): BusEvent | undefined {
  if (!Array.isArray(fields) || fields[0] !== 'event' || typeof fields[1] !== 'string') return undefined;
  try {
    return JSON.parse(fields[1]) as BusEvent;
  } catch {
    // Somebody else wrote it; the reader counts and skips it.
    return undefined;
  }
}
