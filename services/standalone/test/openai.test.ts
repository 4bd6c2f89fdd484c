import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import type { ProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import { OpenAI, toFile } from 'openai';
import type { Api } from './api.ts';
import { startSystem } from './support/system.ts';
import type { TestSystem } from './support/system.ts';

let simulator: ProviderSimulator;
let system: TestSystem;
let owner: Api;
let secret: string;
let client: OpenAI;

beforeAll(async () => {
  simulator = await startProviderSimulator();
  system = await startSystem({ OPENAI_BASE_URL: simulator.openaiUrl });
  owner = await system.newUser();
  ({ secret } = await system.newKey(owner, ['ai:invoke', 'quotes:read']));
  client = new OpenAI({ apiKey: secret, baseURL: `${system.url}/openai/v1`, maxRetries: 0, logLevel: 'off' });
}, 60_000);
afterAll(async () => {
  await system.stop();
  await simulator.stop();
});
beforeEach(() => simulator.reset());

const messages = [
  { role: 'developer' as const, content: 'Answer in one line.' },
  { role: 'user' as const, content: [{ type: 'text' as const, text: 'What is a river?' }] },
];

describe("OpenAI's official client", () => {
  it('completes a chat, and is told who answered at what cost', async () => {
    simulator.account('openai').behave({ kind: 'healthy', text: 'A road that walks.' });
    const { data, response } = await client.chat.completions
      .create({ model: 'auto', messages, max_completion_tokens: 50, top_p: 0.9, metadata: { any: 'thing' } })
      .withResponse();
    expect(data).toMatchObject({
      object: 'chat.completion',
      model: 'gpt-6-luna',
      choices: [{ index: 0, message: { role: 'assistant', content: 'A road that walks.' }, finish_reason: 'stop' }],
    });
    expect(data.usage?.total_tokens).toBe((data.usage?.prompt_tokens ?? 0) + (data.usage?.completion_tokens ?? 0));
    expect(response.headers.get('x-qm-provider')).toBe('openai');
    expect(response.headers.get('x-qm-cache')).toBe('none');
    expect(Number(response.headers.get('x-qm-cost-microusd'))).toBeGreaterThan(0);
    const id = response.headers.get('x-qm-decision-id') ?? '';
    const decision = await owner.call('GET', `/v1/ai/decisions/${id}`);
    expect(decision.status).toBe(200);
    expect(decision.body).toMatchObject({ id, operation: 'chat', outcome: 'ok', attempts: [{ provider: 'openai', outcome: 'ok' }] });
  });

  it('streams, with usage where it is asked for', async () => {
    simulator.account('openai').behave({ kind: 'healthy', text: 'One two three four five six.' });
    const { data, response } = await client.chat.completions
      .create({ model: 'openai/gpt-6-sol', messages, stream: true, stream_options: { include_usage: true } })
      .withResponse();
    expect(response.headers.get('x-qm-provider')).toBe('openai');
    let text = '';
    let finish: string | null = null;
    let tokens = 0;
    for await (const chunk of data) {
      text += chunk.choices[0]?.delta.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
      tokens = chunk.usage?.total_tokens ?? tokens;
      expect(chunk.model).toBe('gpt-6-sol');
    }
    expect([text, finish]).toEqual(['One two three four five six.', 'stop']);
    expect(tokens).toBeGreaterThan(0);
  });

  it('never takes a cut stream for a whole one', async () => {
    simulator.account('openai').behave({ kind: 'cut_stream', afterChunks: 3 });
    const stream = await client.chat.completions.create({ model: 'auto', messages, stream: true });
    let text = '';
    await expect(
      (async () => {
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
      })(),
    ).rejects.toThrow(/broke off/);
    expect(text).not.toBe('');
  });

  it('embeds, as numbers and as base64', async () => {
    const one = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['a river', 'a road'] });
    const plain = await client.embeddings.create({ model: 'auto', input: 'a river', encoding_format: 'float' });
    expect(one.data).toHaveLength(2);
    expect(one.data[0]?.embedding).toHaveLength(plain.data[0]?.embedding.length ?? 0);
    expect(one.data[0]?.embedding[0]).toBeCloseTo(plain.data[0]?.embedding[0] ?? 9, 5);
  });

  it('transcribes', async () => {
    const file = await toFile(Buffer.from('RIFF0000WAVEfmt and some sound'), 'a.wav', { type: 'audio/wav' });
    const { text } = await client.audio.transcriptions.create({ file, model: 'whisper-1', language: 'en' });
    expect(text).not.toBe('');
    const verbose = await client.audio.transcriptions.create({ file, model: 'whisper-1', response_format: 'verbose_json' });
    expect(verbose.segments?.length).toBeGreaterThan(0);
  });

  it('lists the models', async () => {
    const { data } = await client.models.list();
    expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(['auto', 'openai/gpt-6-luna', 'openai/whisper-1']));
  });

  it.each([
    ['an unknown model', { model: 'gpt-nowhere' }, { status: 404, code: 'model_not_found' }],
    [
      'a picture',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] },
      { status: 400, param: 'messages[0].content' },
    ],
    ['two answers', { n: 2 }, { status: 400, param: 'n' }],
    ['no messages', { messages: [] }, { status: 400, param: 'messages' }],
  ])('is refused %s in the form that it reads', async (_, more, error) => {
    const request = { model: 'auto', messages, ...more } as Parameters<typeof client.chat.completions.create>[0];
    await expect(client.chat.completions.create(request)).rejects.toMatchObject({ type: 'invalid_request_error', ...error });
  });

  it.each([
    [{ kind: 'context_too_long' }, { status: 400, code: 'context_length_exceeded' }],
    [
      { kind: 'content_filter', as: 'error' },
      { status: 400, code: 'content_filter' },
    ],
    [
      { kind: 'status', code: 500 },
      { status: 503, code: 'ai.no_provider' },
    ],
  ] as const)('is told of %j at the provider', async (behaviour, error) => {
    simulator.account('openai').behave(behaviour);
    await expect(client.chat.completions.create({ model: 'auto', messages })).rejects.toMatchObject(error);
  });

  it('needs a key with the scope ai:invoke, by either header', async () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${system.url}/openai/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'Hello' }], unknown_field: 1 }),
      });
    expect((await post({ 'x-api-key': secret })).status).toBe(200);
    expect((await post({ authorization: `Bearer ${secret}` })).status).toBe(200);
    const nobody = await post({});
    expect(nobody.status).toBe(401);
    expect(await nobody.json()).toMatchObject({
      error: { code: 'invalid_api_key', type: 'invalid_request_error', message: expect.any(String) },
    });
    const { secret: other } = await system.newKey(owner, ['quotes:read']);
    expect((await post({ 'x-api-key': other })).status).toBe(403);
    // A key as bearer is OpenAI's way, and of no use elsewhere.
    expect((await fetch(`${system.url}/v1/quotes`, { headers: { authorization: `Bearer ${secret}` } })).status).toBe(401);
    expect((await fetch(`${system.url}/openai/v1/nothing`)).status).toBe(404);
    expect((await fetch(`${system.url}/openai/v1/models`, { method: 'DELETE' })).status).toBe(405);
  });
});
