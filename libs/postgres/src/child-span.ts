import { trace } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { withSpan } from '@quotemaster/observe';

/** Runs `fn` in a span below the active one. Without one it makes none: a relay that polls would fill traces of its own. */
export async function withChildSpan<T>(name: string, attributes: Attributes, fn: () => Promise<T>): Promise<T> {
  return trace.getActiveSpan() === undefined ? fn() : withSpan(name, attributes, fn);
}
