import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePorts } from '@quotemaster/testkit/node-process';

/** Another's proxy for models, as it installs: a process that runs. */
export interface OtherProxy {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** What a call has to have beside its body. */
  readonly headers: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const versions = { portkey: '1.15.2', litellm: '1.84.0' };
/** Kept between runs, and away from the packages of the house. */
const cache = join(import.meta.dirname, '../../node_modules/.cache/qm-bench');
const readyMaxMs = 90_000;

/** Starts Portkey's gateway from npm, before a server of OpenAI's wire format. */
export async function startPortkey(upstream: string): Promise<OtherProxy> {
  const folder = join(cache, `portkey-${versions.portkey}`);
  const script = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  if (!existsSync(script)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', `@portkey-ai/gateway@${versions.portkey}`], { cwd: folder });
  }
  const [port = 0] = await findFreePorts(1);
  const url = `http://127.0.0.1:${String(port)}`;
  return start({
    name: `Portkey ${versions.portkey}`,
    command: process.execPath,
    args: [script, '--headless', `--port=${String(port)}`],
    env: {},
    url: `${url}/v1/chat/completions`,
    readyUrl: url,
    headers: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': upstream, authorization: 'Bearer any' },
  });
}

/** Starts LiteLLM's proxy from PyPI, one worker, no database, before a server of OpenAI's wire format. */
export async function startLiteLlm(upstream: string): Promise<OtherProxy> {
  const folder = join(cache, `litellm-${versions.litellm}`);
  const command = join(folder, 'bin/litellm');
  if (!existsSync(command)) {
    execFileSync('python3', ['-m', 'venv', folder]);
    execFileSync(join(folder, 'bin/pip'), ['install', '-q', '--disable-pip-version-check', `litellm[proxy]==${versions.litellm}`]);
  }
  const config = join(folder, 'config.yaml');
  const model = { model_name: 'gpt-6-luna', litellm_params: { model: 'openai/gpt-6-luna', api_base: upstream, api_key: 'any' } };
  // JSON is YAML, too.
  writeFileSync(config, JSON.stringify({ model_list: [model], litellm_settings: { num_retries: 0, telemetry: false } }));
  const [port = 0] = await findFreePorts(1);
  const url = `http://127.0.0.1:${String(port)}`;
  return start({
    name: `LiteLLM ${versions.litellm}`,
    command,
    args: ['--config', config, '--host', '127.0.0.1', '--port', String(port), '--num_workers', '1'],
    // Its list of prices otherwise comes from the network.
    env: { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_LOG: 'ERROR', LITELLM_MODE: 'PRODUCTION' },
    url: `${url}/v1/chat/completions`,
    readyUrl: `${url}/health/liveliness`,
    headers: { authorization: 'Bearer any' },
  });
}

interface StartOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  readonly readyUrl: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function start({ name, command, args, env, url, readyUrl, headers }: StartOptions): Promise<OtherProxy> {
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-20_000)));
  }
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  async function stop(): Promise<void> {
    process.off('exit', kill);
    if (hasEnded()) return;
    child.kill('SIGTERM');
    const timer = setTimeout(kill, 5_000);
    await once(child, 'exit');
    clearTimeout(timer);
  }
  const until = performance.now() + readyMaxMs;
  for (;;) {
    const isReady = await fetch(readyUrl, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return { name, url, pid: child.pid ?? 0, headers, stop };
    if (hasEnded() || performance.now() > until) {
      await stop();
      throw new Error(`${name} did not start:\n${output.slice(-2_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
