const summaryLengthMax = 80;

/**
 * Gives a short name to a statement: its verb and its first table, `INSERT outbox`. Never a value.
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/#generating-a-summary-of-the-query
 */
export function summariseStatement(text: string): string {
  const verb = /^\s*(?:\/\*.*?\*\/\s*)?([a-z]+)/i.exec(text)?.[1]?.toUpperCase() ?? 'QUERY';
  const table = /\b(?:from|into|update|lock table)\s+(?:only\s+)?((?:"[^"]+"|[a-z_][\w]*)(?:\.(?:"[^"]+"|[a-z_]\w*))?)/i.exec(text)?.[1];
  return (table === undefined ? verb : `${verb} ${table.replaceAll('"', '')}`).slice(0, summaryLengthMax);
}
