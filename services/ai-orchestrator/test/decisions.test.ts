import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DecisionService, ProviderService, aiErrors, decisionErrors, providerErrors } from '@quotemaster/contract/ai';
import { PrivacyService } from '@quotemaster/contract/privacy';
import { createFakeClock, testUser, waitUntil } from '@quotemaster/testkit';
import { startProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import type { ProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import { replayDecision } from '../src/domain/replay-decision.ts';
import { writeAiConfig } from './support/ai-config-file.ts';
import { ask, forUser, openHouse } from './support/house.ts';
import type { House } from './support/house.ts';

let folder: string;
let file: string;
let simulator: ProviderSimulator;
let house: House;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ai-decisions-'));
  file = join(folder, 'ai.json');
  simulator = await startProviderSimulator();
});
afterEach(async () => {
  simulator.reset();
  await house.stop();
});
afterAll(async () => {
  await simulator.stop();
  await rm(folder, { recursive: true, force: true });
});

const admin = { timeoutMs: 5_000, actor: testUser({ role: 'admin' }) };
/** Latency and success don't count: of equals the first is asked. */
const equal = { weights: { latency: 0, success: 0, cost: 1, breaker: 0, quota: 0 } };
const firstOfEquals = { selection: { floor: 0, newSamples: 0, latencyWeight: 0, successWeight: 0 } };
const complete = () => house.clientAs('quote').complete(ask(), forUser());

describe('decisions', () => {
  it('explain each answer and each failure to its owner and to administrators, and to nobody else', async () => {
    writeAiConfig(file, simulator, [{ id: 'a' }, { id: 'b' }]);
    house = await openHouse({ env: { QM_AI_CONFIG: file } });
    simulator.account('a').behaveOnce({ kind: 'status', code: 500 });
    const { generation } = await complete();
    const decisions = house.client(DecisionService, 'gateway');
    const id = generation?.decisionId ?? '';
    const { decision } = await decisions.getDecision({ id }, forUser());
    expect(decision).toMatchObject({
      ...{ id, operation: 'chat', requestedModel: '', streamed: false, outcome: 'ok', cached: 'none' },
      attempts: [
        { provider: 'a', purpose: 'first', outcome: 'transient', status: 500 },
        { provider: 'b', purpose: 'failover', outcome: 'ok', estimated: false },
      ],
      choices: [
        { purpose: 'first', chosen: 'a/gpt-6-luna', why: 'better_of_two' },
        { purpose: 'failover', chosen: 'b/gpt-6-luna', why: 'only' },
      ],
    });
    expect(decision?.choices[1]?.options.map(({ key, excluded }) => [key, excluded])).toEqual([
      ['a/gpt-6-luna', 'failed'],
      ['b/gpt-6-luna', undefined],
    ]);
    expect(decision?.quality).toBeGreaterThan(0);
    expect(decision?.usage?.costMicroUsd).toBe(generation?.usage?.costMicroUsd);
    expect((await decisions.getDecision({ id }, admin)).decision?.id).toBe(id);
    const stranger = { timeoutMs: 5_000, actor: testUser({ userId: '01995f3e-8c1a-7d2e-9b4f-3a6c1d8e5f99' }) };
    await expect(decisions.getDecision({ id }, stranger)).rejects.toMatchObject({ code: decisionErrors.decisionNotFound.code });

    for (const account of ['a', 'b']) simulator.account(account).behave({ kind: 'status', code: 500 });
    const failure = await complete().catch((error: unknown) => error as { code: string; metadata: Record<string, string> });
    expect(failure).toMatchObject({ code: aiErrors.noProvider.code });
    const failed = await decisions.getDecision(
      { id: (failure as { metadata: Record<string, string> }).metadata['decision_id'] ?? '' },
      forUser(),
    );
    expect(failed.decision?.outcome).toBe(aiErrors.noProvider.code);
    expect(
      JSON.stringify(failed.decision?.attempts, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
    ).not.toMatch(/river|patience|thought/i);
  });

  it('give the same choices again from what is stored of them', async () => {
    writeAiConfig(file, simulator, [{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
    house = await openHouse({ env: { QM_AI_CONFIG: file }, ai: { selection: { floor: 0.1 } } });
    simulator.account('a').behave({
      kind: 'mix',
      of: [
        { share: 1, behaviour: { kind: 'status', code: 503 } },
        { share: 1, behaviour: { kind: 'healthy' } },
      ],
    });
    const ids: string[] = [];
    for (let index = 0; index < 30; index += 1) ids.push((await complete()).generation?.decisionId ?? '');
    for (const id of ids) {
      const stored = await waitUntil('it is written', () => house.storedDecision(id));
      for (const { recorded, again } of replayDecision(stored)) expect(again?.chosen).toBe(recorded.chosen);
    }
  });

  it('are kept for seven days, leave with their user, and are exported to them', async () => {
    writeAiConfig(file, simulator, [{ id: 'a' }]);
    const clock = createFakeClock(Date.now());
    house = await openHouse({ env: { QM_AI_CONFIG: file }, clock: { now: () => clock.now(), monotonic: () => performance.now() } });
    const userId = '01995f3e-8c1a-7d2e-9b4f-3a6c1d8e5f01';
    const own = { timeoutMs: 10_000, actor: testUser({ userId }) };
    const made: string[] = [];
    for (let index = 0; index < 3; index += 1) made.push((await house.clientAs('quote').complete(ask(), own)).generation?.decisionId ?? '');
    await waitUntil('they are written', () => house.storedDecision(made[2] ?? ''));
    const privacy = house.client(PrivacyService, 'user');
    const exported: string[] = [];
    for await (const { kind, json } of privacy.export({ userId }, own)) {
      expect(kind).toBe('ai_decision');
      exported.push((JSON.parse(json) as { id: string }).id);
    }
    expect(exported.toSorted()).toEqual(made.toSorted());
    expect((await privacy.erase({ userId }, { timeoutMs: 5_000, actor: { kind: 'job' } })).erasedRecords).toBe(3);
    expect(await house.storedDecision(made[0] ?? '')).toBeUndefined();

    const kept = (await complete()).generation?.decisionId ?? '';
    await waitUntil('it is written', () => house.storedDecision(kept));
    clock.advance(6 * 86_400_000);
    await house.sweepDecisions();
    expect(await house.storedDecision(kept)).toBeDefined();
    clock.advance(86_400_001);
    await house.sweepDecisions();
    expect(await house.storedDecision(kept)).toBeUndefined();
  });
});

describe('administrators', () => {
  it('see every provider, and switch, drain and weigh it for good and for all replicas', async () => {
    writeAiConfig(file, simulator, [{ id: 'a' }, { id: 'b' }]);
    house = await openHouse({ env: { QM_AI_CONFIG: file }, ai: { selection: equal } });
    const other = await openHouse({ env: { QM_AI_CONFIG: file }, ai: { selection: equal } });
    const providers = house.client(ProviderService, 'gateway');
    await complete();
    const { items } = await providers.listProviders({}, admin);
    expect(items).toMatchObject([
      {
        id: 'a',
        enabled: true,
        draining: false,
        weight: 1,
        healthy: true,
        inFlightMax: 64,
        models: [{ breakerState: 'closed', samples: 1, quotaHeadroom: 1 }],
      },
      { id: 'b', models: [{ samples: 0, costPerThousandTokensUsd: expect.closeTo(0.00018) as unknown }] },
    ]);
    expect(items[0]?.models[0]?.latencyMs).toBeGreaterThan(0);

    const update = (id: string, change: { enabled?: boolean; draining?: boolean; weight?: number }, paths = Object.keys(change)) =>
      providers.updateProvider({ id, ...change, updateMask: { paths } }, admin);
    expect((await update('a', { enabled: false })).provider).toMatchObject({ id: 'a', enabled: false });
    expect((await complete()).generation?.provider).toBe('b');
    await expect(house.clientAs('quote').complete(ask({ model: 'a/gpt-6-luna' }), forUser())).rejects.toMatchObject({
      code: aiErrors.noProvider.code,
    });
    await waitUntil(
      'the other replica knows',
      async () => (await other.clientAs('quote').complete(ask(), forUser())).generation?.provider === 'b',
    );

    await update('a', { enabled: true, draining: true });
    expect((await complete()).generation?.provider).toBe('b');
    expect((await update('a', { draining: false, weight: 5 })).provider).toMatchObject({ draining: false, enabled: true, weight: 5 });
    expect((await complete()).generation?.provider).toBe('a');
    await update('b', { weight: 2 });
    expect((await update('a', { weight: 0.5 })).provider?.weight).toBe(0.5);
    expect((await complete()).generation?.provider).toBe('b');
    expect((await update('a', {}, ['weight'])).provider).toMatchObject({ weight: 1 });
    await update('b', {}, ['weight']);
    await expect(update('nobody', { enabled: false })).rejects.toMatchObject({ code: providerErrors.providerNotFound.code });
    await other.stop();
  });
});

describe('QM_AI_CONFIG', () => {
  it('is read again when it changes; a bad file is refused and the old one stays', async () => {
    writeAiConfig(file, simulator, [{ id: 'a' }], firstOfEquals);
    const clock = createFakeClock(Date.now());
    const jump = (): void => clock.advance(6_000);
    house = await openHouse({ env: { QM_AI_CONFIG: file }, clock: { now: () => clock.now(), monotonic: () => performance.now() } });
    expect((await complete()).generation?.provider).toBe('a');
    writeAiConfig(file, simulator, [{ id: 'b' }, { id: 'a', weight: 0.5 }], firstOfEquals);
    jump();
    expect((await complete()).generation?.provider).toBe('b');
    const { items } = await house.client(ProviderService, 'gateway').listProviders({}, admin);
    // What was known of `a` is known still.
    expect(items.map(({ id, weight, models }) => [id, weight, models[0]?.samples])).toEqual([
      ['b', 1, 1],
      ['a', 0.5, 1],
    ]);

    await writeFile(file, '{ "selection": { "latencyWait": 3 } }');
    jump();
    expect((await complete()).generation?.provider).toBe('b');
    expect(house.log.text()).toContain('the new QM_AI_CONFIG is refused');
    expect(await house.metric('ai_config_reload_total', { outcome: 'refused' })).toBe(1);
    expect(await house.metric('ai_config_reload_total', { outcome: 'taken' })).toBe(1);
  });
});
