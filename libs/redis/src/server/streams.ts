import type { BusEvent } from '../face.ts';
import { queueMax } from '../limits.ts';

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

/** What follows the stream's name in XADD: an entry that holds `event`, in a stream of about 10,000. */
export function toStreamFields(event: BusEvent): ['MAXLEN', '~', number, '*', 'event', string] {
  return ['MAXLEN', '~', queueMax, '*', 'event', JSON.stringify(event)];
}

/** Tells whether the entry id `one` (`<ms>-<sequence>`) comes before `other`. */
export function isBefore(one: string, other: string): boolean {
  const [oneMs = 0, oneSequence = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherSequence = 0] = other.split('-').map(Number);
  return oneMs === otherMs ? oneSequence < otherSequence : oneMs < otherMs;
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
    const event: unknown = JSON.parse(fields[1]);
    return isEvent(event) ? event : undefined;
  } catch {
    // Somebody else wrote it; the reader reports and skips it.
    return undefined;
  }
}

function isEvent(value: unknown): value is BusEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { id, topic, key, occurredAt, traceparent } = value as Partial<Record<keyof BusEvent, unknown>>;
  const isTraced = traceparent === undefined || typeof traceparent === 'string';
  return isTraced && [id, topic, key, occurredAt].every((field) => typeof field === 'string');
}
