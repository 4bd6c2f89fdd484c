import type { Metrics } from '@quotemaster/observe';
import type { EventStream } from './event-stream.ts';

/** The streams that are being answered, so that a stop can end them well. */
export interface OpenStreams {
  /** Takes note of a stream until the function that it gives is called. */
  add(stream: Pick<EventStream, 'hint' | 'end'>): () => void;
  /** Tells every caller, of now and later, when to come back. */
  hint(): void;
  /** Ends them all. */
  end(): void;
}

/** Creates the list. */
export function createOpenStreams(metrics: Metrics): OpenStreams {
  const open = new Set<Pick<EventStream, 'hint' | 'end'>>();
  let stopping = false;
  metrics.gauge('http_event_streams_open', 'Streams of events that are being answered.', [], (gauge) => gauge.set(open.size));
  return {
    add(stream) {
      open.add(stream);
      if (stopping) stream.hint();
      return () => {
        open.delete(stream);
      };
    },
    hint() {
      stopping = true;
      for (const stream of open) stream.hint();
    },
    end() {
      for (const stream of open) stream.end();
    },
  };
}
