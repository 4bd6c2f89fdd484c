import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStandalone } from '../src/index.ts';
import type { Standalone } from '../src/index.ts';
import { register } from './api.ts';
import type { Api } from './api.ts';
import { journeySteps } from './journey-steps.ts';

describe('a journey through the whole system', () => {
  let dataDir: string;
  let system: Standalone;
  let printed = '';
  let ada: Api;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'qm-journey-'));
    system = await startStandalone({ QM_DATA_DIR: dataDir, QM_HTTP_PORT: '0', QM_ADMIN_PORT: '0' }, (text) => (printed += text));
    ada = await register(system.url, 'ada@example.org');
  }, 60_000);
  afterAll(async () => {
    await system.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('prints where to look and what is off', () => {
    expect(printed).toContain(`${system.url}/docs`);
    expect(printed).toContain('offline composer');
    expect(printed).toContain('Redis      off');
  });

  journeySteps(
    () => system.url,
    () => ada,
  );

  it('serves health on the edge and on the admin port, and metrics of every service', async () => {
    expect((await fetch(`${system.url}/livez`)).status).toBe(200);
    expect((await fetch(`${system.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${system.adminUrl}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${system.adminUrl}/metrics`)).text();
    for (const service of ['gateway', 'user', 'quote', 'ai-orchestrator']) expect(metrics).toContain(`qm_service="${service}"`);
    expect((await fetch(`${system.url}/metrics`)).status).toBe(404);
  });
});
