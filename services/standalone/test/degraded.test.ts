import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import type { ProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import { call } from './api.ts';
import type { Api } from './api.ts';
import { startSystem } from './support/system.ts';
import type { TestSystem } from './support/system.ts';

let simulator: ProviderSimulator;
beforeAll(async () => {
  simulator = await startProviderSimulator();
  simulator.account('openai').behave({ kind: 'status', code: 503 });
});
afterAll(() => simulator.stop());

describe('while every model is out', () => {
  let system: TestSystem;
  let ada: Api;
  beforeAll(async () => {
    system = await startSystem({ OPENAI_BASE_URL: simulator.openaiUrl });
    ada = await system.newUser();
  }, 60_000);
  afterAll(() => system.stop());

  it('the composer answers, marked as degraded with the reason, and the system stays ready', async () => {
    const { status, body } = await ada.call('POST', '/v1/quotes/generate', { prompt: 'patience of rivers', count: 2 });
    expect(status).toBe(201);
    expect(body.quotes).toHaveLength(2);
    expect(body.quotes[0]).toMatchObject({ aiModel: 'offline-composer-1' });
    expect(body.generation).toMatchObject({ provider: 'offline', degraded: true, degradedReason: 'ai.no_provider' });
    expect((await call(system.url, 'GET', '/readyz')).status).toBe(200);
  });

  it('so it does in a stream', async () => {
    const response = await fetch(`${system.url}/v1/quotes/generate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada.accessToken}`, 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ prompt: 'the courage of small steps' }),
    });
    const text = await response.text();
    expect(text).toContain('"degraded":true');
    expect(text).toContain('event: quote');
  });

  it('it does not answer in another language than asked for', async () => {
    const { status, body } = await ada.call('POST', '/v1/quotes/generate', { prompt: 'Geduld der Flüsse', language: 'de' });
    expect([status, body.code]).toEqual([503, 'ai.no_provider']);
  });
});

describe('where degraded answers are not wanted', () => {
  it('whoever asks is told that nobody can answer', async () => {
    const system = await startSystem({ OPENAI_BASE_URL: simulator.openaiUrl, QM_DEGRADED_ANSWERS: 'none' });
    try {
      const ada = await system.newUser();
      const { status, body } = await ada.call('POST', '/v1/quotes/generate', { prompt: 'patience of rivers' });
      expect([status, body.code]).toEqual([503, 'ai.no_provider']);
    } finally {
      await system.stop();
    }
  }, 60_000);
});
