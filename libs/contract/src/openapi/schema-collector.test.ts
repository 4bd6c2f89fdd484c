import { describe, expect, it } from '@jest/globals';
import { GenerationSchema } from '../ai.ts';
import { GenerateQuotesResponseSchema, QuoteSchema } from '../quote.ts';
import { createSchemaCollector } from './schema-collector.ts';

describe('the schema collector', () => {
  it('adds a message and all that it holds, each once', () => {
    const collector = createSchemaCollector();
    expect(collector.ref('response')(GenerateQuotesResponseSchema)).toEqual({ $ref: '#/components/schemas/GenerateQuotesResponse' });
    collector.ref('response')(QuoteSchema);
    collector.ref('response')(GenerationSchema);
    expect(Object.keys(collector.schemas)).toEqual(
      expect.arrayContaining(['GenerateQuotesResponse', 'Quote', 'Emotion', 'Generation', 'Usage']),
    );
  });

  it('keeps what goes in apart from what comes out', () => {
    const collector = createSchemaCollector();
    collector.ref('response')(GenerationSchema);
    collector.ref('request')(GenerationSchema);
    expect(collector.schemas['Generation']).not.toHaveProperty('additionalProperties');
    expect(collector.schemas['GenerationInput']).toMatchObject({ additionalProperties: false });
  });

  it('refuses two schemas of one name, whichever came first', () => {
    const bodies = createSchemaCollector();
    bodies.add('DeleteRequest', {});
    expect(() => bodies.add('DeleteRequest', {})).toThrow('two schemas are called DeleteRequest');
    const mixed = createSchemaCollector();
    mixed.ref('response')(QuoteSchema);
    expect(() => mixed.add('Quote', {})).toThrow('two schemas are called Quote');
    const reversed = createSchemaCollector();
    reversed.add('Quote', {});
    expect(() => reversed.ref('response')(QuoteSchema)).toThrow('two schemas are called Quote');
  });
});
