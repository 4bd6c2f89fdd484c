/** What a person needs to know once everything runs. */
export interface BannerFacts {
  readonly url: string;
  readonly adminUrl: string;
  readonly dataDir: string;
  readonly startedInMs: number;
  /** The default model of each provider that writes, "openai/gpt-6-luna"; empty: the offline composer writes. */
  readonly models: readonly string[];
  /** True where REDIS_URL was given. */
  readonly redis: boolean;
  /** True where SMTP_URL was given. */
  readonly smtp: boolean;
  /** Where spans go; absent: nowhere. */
  readonly otlpEndpoint: string | undefined;
}

/** Writes the lines that standalone prints when it is ready: where to look, and what is off and why. */
export function banner(facts: BannerFacts): string {
  const lines = [
    `Quote Master Pro is ready (${(facts.startedInMs / 1_000).toFixed(1)} s).`,
    '',
    `  API        ${facts.url}`,
    `  Docs       ${facts.url}/docs`,
    `  Health     ${facts.adminUrl}/readyz and /metrics`,
    `  Data       ${facts.dataDir}`,
    '',
    ...modelLines(facts.models),
    ...(facts.redis ? [] : ['  Redis      off: in-process twins stand in; set REDIS_URL to use a server']),
    ...(facts.smtp ? [] : [`  Mail       files in ${facts.dataDir}/outbox; set SMTP_URL to send it`]),
    ...(facts.otlpEndpoint === undefined ? ['  Tracing    not exported; set OTEL_EXPORTER_OTLP_ENDPOINT to send spans'] : []),
    '',
    '  Ctrl-C stops everything. QM_LOG_LEVEL=info shows what happens.',
  ];
  return `${lines.join('\n')}\n`;
}

function modelLines(models: readonly string[]): string[] {
  if (models.length > 0) return [`  Models     ${models.join(', ')}`];
  return [
    '  Models     the offline composer (offline-composer-1) writes the quotes; for a language model set OPENAI_API_KEY,',
    '             ANTHROPIC_API_KEY, AZURE_OPENAI_API_KEY, OPENAI_BASE_URL of a server of your own, or QM_AI_CONFIG',
  ];
}
