import { create, setExtension } from '@bufbuild/protobuf';
import type { DescMessage } from '@bufbuild/protobuf';
import {
  FieldDescriptorProtoSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldOptionsSchema,
} from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { CreateQuoteRequestSchema, GenerateQuotesRequestSchema, QuoteSchema, UpdateQuoteRequestSchema } from '../quote.ts';
import { serviceWith, text } from '../../test/support/service-with.ts';
import { clearable } from '../gen/quotemaster/common/v1/options_pb.js';
import { RegisterRequestSchema } from '../user.ts';
import { objectSchema } from './message-schema.ts';
import type { SchemaUse } from './message-schema.ts';

function schemaOf(message: DescMessage, use: SchemaUse) {
  return objectSchema(message.fields, { use, ref: () => ({ type: 'object' }) });
}

describe('objectSchema', () => {
  it('asks in a request for what can not be left out, and refuses what is unknown', () => {
    const schema = schemaOf(GenerateQuotesRequestSchema, 'request');
    expect(schema.required).toEqual(['prompt']);
    expect(schema.additionalProperties).toBe(false);
    expect(schema.properties?.['prompt']).toEqual({
      description: 'The thought.',
      type: 'string',
      minLength: 1,
      maxLength: 2_000,
      pattern: expect.stringMatching(/^\^/),
    });
    expect(schema.properties?.['count']).toMatchObject({ type: 'integer', minimum: 1, maximum: 5 });
    expect(schema.properties?.['seed']).toMatchObject({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
  });

  it('shows the limits of lists and of their items', () => {
    expect(schemaOf(CreateQuoteRequestSchema, 'request').properties?.['tags']).toMatchObject({
      type: 'array',
      maxItems: 20,
      uniqueItems: true,
      items: { type: 'string', minLength: 1, maxLength: 50 },
    });
  });

  it('marks passwords, and says in which form an address is', () => {
    const { properties } = schemaOf(RegisterRequestSchema, 'request');
    expect(properties?.['password']).toMatchObject({ format: 'password', writeOnly: true });
    expect(properties?.['email']).toMatchObject({ format: 'email', maxLength: 254 });
  });

  it('lets a PATCH clear what is clearable, and asks for at least one field', () => {
    const schema = schemaOf(UpdateQuoteRequestSchema, 'patch');
    expect(schema.properties?.['author']?.type).toEqual(['string', 'null']);
    expect(schema.properties?.['text']?.type).toBe('string');
    expect(schema).toMatchObject({ minProperties: 1 });
    expect(schema.required).toBeUndefined();
  });

  it('lets null be one of the words of a clearable closed set, and stand for a whole clearable message', () => {
    const mood = text('mood', { type: { case: 'string', value: { in: ['calm', 'wild'] } } });
    setExtension((mood.options ??= create(FieldOptionsSchema)), clearable, true);
    const part = create(FieldDescriptorProtoSchema, {
      name: 'part',
      type: FieldDescriptorProto_Type.MESSAGE,
      typeName: '.test.v1.AResponse',
      label: FieldDescriptorProto_Label.OPTIONAL,
    });
    setExtension((part.options = create(FieldOptionsSchema)), clearable, true);
    const { input } = serviceWith({ name: 'A', fields: [mood, part] }).method['a'] ?? {};
    if (input === undefined) throw new Error('the test made no method');
    const { properties } = objectSchema(input.fields, { use: 'patch', ref: () => ({ $ref: '#/part' }) });
    expect(properties).toEqual({
      mood: { type: ['string', 'null'], enum: ['calm', 'wild', null] },
      part: { anyOf: [{ $ref: '#/part' }, { type: 'null' }] },
    });
  });

  it('promises in an answer every field but the optional ones, and leaves room for more', () => {
    const schema = schemaOf(QuoteSchema, 'response');
    expect(schema.required).toEqual(expect.arrayContaining(['id', 'tags', 'favorite', 'sentimentScore', 'createdAt', 'quality']));
    expect(schema.required).not.toContain('author');
    expect(schema.additionalProperties).toBeUndefined();
  });

  it('is a schema that a strict validator takes', () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true });
    (addFormats as unknown as (target: Ajv2020) => void)(ajv);
    ajv.addFormat('password', true);
    for (const message of [GenerateQuotesRequestSchema, CreateQuoteRequestSchema, RegisterRequestSchema]) {
      expect(() => ajv.compile(schemaOf(message, 'request'))).not.toThrow();
    }
  });
});
