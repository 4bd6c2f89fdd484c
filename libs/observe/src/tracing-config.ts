import type { ConfigReader } from '@quotemaster/config';

export interface TracingConfig {
  readonly isDisabled: boolean;
  /** Where spans go, over OTLP with protobuf over HTTP; without it nothing is recorded. */
  readonly isExporting: boolean;
  readonly serviceName: string;
}

/** Reads OpenTelemetry's own variables; the exporter itself reads the rest of them (headers, timeouts, compression). */
export function readTracingConfig(reader: ConfigReader): TracingConfig {
  const endpoint = reader.optionalUrl('OTEL_EXPORTER_OTLP_ENDPOINT', ['http', 'https']);
  const tracesEndpoint = reader.optionalUrl('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', ['http', 'https']);
  return {
    isDisabled: reader.boolean('OTEL_SDK_DISABLED', false),
    isExporting: endpoint !== undefined || tracesEndpoint !== undefined,
    serviceName: reader.string('OTEL_SERVICE_NAME', 'quotemaster'),
  };
}
