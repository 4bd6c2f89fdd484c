import { startTracing } from '@quotemaster/observe/tracing';
import type { ReadableSpan } from '@quotemaster/observe/tracing';

const spanKinds = ['internal', 'server', 'client', 'producer', 'consumer'] as const;
const statuses = ['unset', 'ok', 'error'] as const;

/** A finished span, flat enough to compare. */
export interface TestSpan {
  readonly name: string;
  readonly kind: (typeof spanKinds)[number];
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined for the root of a trace. */
  readonly parentSpanId: string | undefined;
  readonly status: (typeof statuses)[number];
  readonly statusMessage: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface TestTracing {
  /** Finished spans in the order in which they ended; of one trace where an id is given. */
  spans(traceId?: string): readonly TestSpan[];
  /** One line a span, children indented below their parent in the order in which they ended: `client quotemaster.…/Generate`. */
  tree(traceId: string): string;
  /** Forgets the spans so far. */
  reset(): void;
  stop(): Promise<void>;
}

/**
 * Records every span of this test file in memory. Call it once, before the services under test are built, and stop it after.
 *
 * Only spans made by our own code are seen (rpc, gateway, stores): Jest loads libraries past the hook that instruments them.
 */
export function createTestTracing(): TestTracing {
  let finished: TestSpan[] = [];
  const tracing = startTracing({
    serviceName: 'test',
    processor: {
      onStart: () => undefined,
      onEnd: (span) => {
        finished.push(toTestSpan(span));
      },
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    },
  });
  const spans = (traceId?: string): readonly TestSpan[] => finished.filter((span) => traceId === undefined || span.traceId === traceId);
  return {
    spans,
    tree: (traceId) => renderTree(spans(traceId)),
    reset: () => {
      finished = [];
    },
    stop: () => tracing.stop(),
  };
}

function toTestSpan(span: ReadableSpan): TestSpan {
  return {
    name: span.name,
    kind: spanKinds[span.kind],
    traceId: span.spanContext().traceId,
    spanId: span.spanContext().spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    status: statuses[span.status.code],
    statusMessage: span.status.message,
    attributes: { ...span.attributes },
  };
}

/** A span whose parent lies outside the list (another process, or not ended yet) stands at the left. */
function renderTree(spans: readonly TestSpan[]): string {
  const known = new Set(spans.map((span) => span.spanId));
  const lines: string[] = [];
  const visit = (parentSpanId: string | undefined, depth: number): void => {
    for (const span of spans) {
      const parent = span.parentSpanId !== undefined && known.has(span.parentSpanId) ? span.parentSpanId : undefined;
      if (parent !== parentSpanId) continue;
      lines.push(`${'  '.repeat(depth)}${span.kind} ${span.name}`);
      visit(span.spanId, depth + 1);
    }
  };
  visit(undefined, 0);
  return lines.join('\n');
}
