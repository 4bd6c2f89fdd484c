import { createLogger } from '@quotemaster/observe';
import type { Logger } from '@quotemaster/observe';

/** A logger that keeps its lines, as parsed JSON, in the order written. */
export interface MemoryLog {
  readonly logger: Logger;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** Every line as it would have been printed, in one text. */
  text(): string;
}

/** Creates a logger for tests: the real one, masking included, with an array for standard output. */
export function createMemoryLog(service = 'test'): MemoryLog {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({
    service,
    level: 'debug',
    destination: {
      write: (line) => {
        lines.push(JSON.parse(line) as Record<string, unknown>);
      },
    },
  });
  return { logger, lines, text: () => lines.map((line) => JSON.stringify(line)).join('\n') };
}
