import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const run = promisify(execFile);

/** A service in little: Express in front, a Postgres and a Redis that are not there behind, and the end of a stop. */
const program = `
  import express from 'express';
  import { Redis } from 'ioredis';
  import pg from 'pg';
  import { createLogger, flushTraces, runWithTraceparent } from '@quotemaster/observe';
  const logger = createLogger({ service: 'little' });
  const pool = new pg.Pool({ connectionString: 'postgres://ann:hunter2@127.0.0.1:1/quotes' });
  const redis = new Redis({ port: 1, lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => undefined);
  const app = express();
  app.get('/things/:id', async (request, response) => {
    await pool.query('SELECT 1').catch(() => undefined);
    await redis.set('secret-key', 'v').catch(() => undefined);
    logger.info({}, 'handled');
    response.json({});
  });
  const server = app.listen(0, '127.0.0.1', async () => {
    const url = 'http://127.0.0.1:' + server.address().port + '/things/secret-thing?q=secret-words';
    await runWithTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'event', () => fetch(url));
    server.close();
    server.closeAllConnections();
    await pool.end();
    await flushTraces(logger, 500);
    process.exit(0);
  });
`;

function runProgram(environment: Record<string, string>, code = program): Promise<{ stdout: string; stderr: string }> {
  // Jest's own options are nothing to the program.
  const inherited = { ...process.env, NODE_OPTIONS: '' };
  return run(process.execPath, ['--import', '@quotemaster/observe/register', '--input-type=module', '--eval', code], {
    cwd: import.meta.dirname,
    env: { ...inherited, ...environment },
    timeout: 15_000,
  });
}

/** Stands for a collector: keeps what is posted. Span names and attributes are readable in protobuf as they are. */
async function startCollector(): Promise<{ endpoint: string; received(): { paths: string[]; text: string }; stop(): Promise<void> }> {
  const paths: string[] = [];
  const chunks: Buffer[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => ({ paths, text: Buffer.concat(chunks).toString('latin1') }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

const parentTraceId = /"trace_id":"0af7651916cd43dd8448eb211c80319c"/;

describe('--import @quotemaster/observe/register', () => {
  it('exports http, undici, express, pg and ioredis spans to the OTLP endpoint, without private words', async () => {
    const collector = await startCollector();
    const { stdout } = await runProgram({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_SERVICE_NAME: 'little-service' });
    await collector.stop();
    const { paths, text } = collector.received();
    expect(new Set(paths)).toEqual(new Set(['/v1/traces']));
    for (const library of ['http', 'undici', 'express', 'pg', 'ioredis'])
      expect(text).toContain(`@opentelemetry/instrumentation-${library}`);
    expect(text).toContain('GET /things/:id');
    expect(text).toContain('little-service');
    expect(text).not.toMatch(/secret-thing\?|secret-words|secret-key|hunter2|ECONNREFUSED/);
    expect(stdout).toMatch(parentTraceId);
  });

  it('passes trace ids on to the logs without an endpoint, and sends nothing', async () => {
    const { stdout, stderr } = await runProgram({});
    expect(stdout).toMatch(parentTraceId);
    expect(stderr).toBe('');
  });

  it('does nothing when OTEL_SDK_DISABLED is true', async () => {
    const { stdout } = await runProgram({ OTEL_SDK_DISABLED: 'true' });
    expect(stdout).toContain('"msg":"handled"');
    expect(stdout).not.toContain('trace_id');
  });

  it('ends with 78 and one line for a variable that is wrong', async () => {
    const failure: unknown = await runProgram({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }, '').catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 78,
      stderr: 'OTEL_EXPORTER_OTLP_ENDPOINT: expected a URL such as http://host, found "collector"\n',
    });
  });

  it('lets the process end in time though the collector is away', async () => {
    const { stdout } = await runProgram({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    expect(stdout).toContain('the last spans could not be sent');
  });
});
