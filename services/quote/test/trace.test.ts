import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestTracing } from '@quotemaster/testkit';
import type { TestTracing } from '@quotemaster/testkit';
import { newUser, openHouse } from './support/house.ts';
import type { House } from './support/house.ts';

let tracing: TestTracing;
let house: House;
beforeAll(async () => {
  tracing = createTestTracing();
  house = await openHouse();
});
afterAll(async () => {
  await house.stop();
  await tracing.stop();
});

describe('the trace of a generation', () => {
  it('shows the flow, in one trace that the outbox carries on, without a word of prompt or quote', async () => {
    const user = newUser();
    house.ai.answerWith(() => ['Xylophones forgive the careless mallet.']);
    await house.quotes.generateQuotes({ prompt: 'a zebra thinks of quinces' }, user.call());
    const root = tracing.spans().find((span) => span.name === 'quote.generate');
    const tree = tracing.tree(root!.traceId);
    for (const name of ['QuoteService/GenerateQuotes', 'quote.generate', 'AiService/Complete', 'quote.analyse', 'quote.store'])
      expect(tree).toContain(name);
    const [event] = await house.query<{ traceparent: string }>('select traceparent from outbox where key = $1', [user.id]);
    expect(event?.traceparent).toContain(root!.traceId);
    expect(JSON.stringify(tracing.spans())).not.toMatch(/zebra|Xylophones/);
  });
});
