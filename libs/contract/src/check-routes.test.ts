import { create, createFileRegistry, setExtension } from '@bufbuild/protobuf';
import type { DescService } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MethodOptionsSchema,
  file_google_protobuf_field_mask,
} from '@bufbuild/protobuf/wkt';
import type { MethodOptions } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { checkRoutes } from './check-routes.ts';
import { http } from './gen/google/api/annotations_pb.js';
import { HttpRuleSchema } from './gen/google/api/http_pb.js';
import { AccessSchema, access } from './gen/quotemaster/common/v1/options_pb.js';
import { contractServices } from './gen/services.ts';
import { routedMethods } from './http-route.ts';

interface Rpc {
  readonly name: string;
  readonly route?: Record<string, string>;
  readonly access?: Record<string, unknown>;
  readonly fields?: readonly string[];
  readonly streams?: boolean;
}

/** A service made by hand, with RPCs that a real contract must not have. */
function serviceWith(...rpcs: Rpc[]): DescService {
  const scalar = (name: string, number: number) => ({
    name,
    number,
    type: FieldDescriptorProto_Type.STRING,
    label: FieldDescriptorProto_Label.OPTIONAL,
  });
  const mask = (number: number) => ({
    name: 'update_mask',
    number,
    type: FieldDescriptorProto_Type.MESSAGE,
    typeName: '.google.protobuf.FieldMask',
    label: FieldDescriptorProto_Label.OPTIONAL,
  });
  const file = create(FileDescriptorProtoSchema, {
    name: 'test.proto',
    package: 'test.v1',
    syntax: 'proto3',
    dependency: ['google/protobuf/field_mask.proto'],
    messageType: rpcs.flatMap(({ name, fields = [] }) => [
      {
        name: `${name}Request`,
        field: fields.map((field, index) => (field === 'update_mask' ? mask(index + 1) : scalar(field, index + 1))),
      },
      { name: `${name}Response`, field: [scalar('id', 1)] },
    ]),
    service: [
      {
        name: 'TestService',
        method: rpcs.map(({ name, route, access: policy, streams }) => ({
          name,
          inputType: `.test.v1.${name}Request`,
          outputType: `.test.v1.${name}Response`,
          serverStreaming: streams ?? false,
          options: options(route, policy),
        })),
      },
    ],
  });
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [file_google_protobuf_field_mask.proto, file] }));
  const service = registry.getService('test.v1.TestService');
  if (service === undefined) throw new Error('the test made no service');
  return service;
}

function options(route: Rpc['route'], policy: Rpc['access']): MethodOptions {
  const made = create(MethodOptionsSchema);
  if (route !== undefined) {
    const { body = '', responseBody = '', ...pattern } = route;
    const [verb = 'get', path = ''] = Object.entries(pattern)[0] ?? [];
    setExtension(made, http, create(HttpRuleSchema, { pattern: { case: verb as 'get', value: path }, body, responseBody }));
  }
  if (policy !== undefined) setExtension(made, access, create(AccessSchema, policy));
  return made;
}

describe('checkRoutes', () => {
  it('finds nothing wrong with our own contract', () => {
    expect(checkRoutes(contractServices)).toEqual([]);
  });

  it.each<[string, Rpc[], string]>([
    [
      'two RPCs on one route',
      [
        { name: 'A', route: { get: '/v1/a' } },
        { name: 'B', route: { get: '/v1/a' } },
      ],
      'clashes with test.v1.TestService.A on GET /v1/a',
    ],
    [
      'two variables at one place',
      [
        { name: 'A', route: { get: '/v1/{id}' }, fields: ['id'] },
        { name: 'B', route: { get: '/v1/{name}' }, fields: ['name'] },
      ],
      'clashes',
    ],
    ['a path variable without a field', [{ name: 'A', route: { get: '/v1/{id}' } }], 'has {id} in its path and no such scalar field'],
    ['an unknown scope', [{ name: 'A', route: { get: '/v1/a' }, access: { scopes: ['quotes:eat'] } }], 'unknown scope quotes:eat'],
    ['an RPC that nobody may call', [{ name: 'A' }], 'neither a route nor callers'],
    ['a body on a GET', [{ name: 'A', route: { get: '/v1/a', body: '*' } }], 'has a body on GET'],
    ['a body that is one field', [{ name: 'A', route: { post: '/v1/a', body: 'x' }, fields: ['x'] }], 'body other than "*"'],
    ['a PATCH without a mask', [{ name: 'A', route: { patch: '/v1/a', body: '*' } }], 'FieldMask'],
    ['a mask without a PATCH', [{ name: 'A', route: { post: '/v1/a', body: '*' }, fields: ['update_mask'] }], 'FieldMask'],
    ['a response field that is not there', [{ name: 'A', route: { get: '/v1/a', responseBody: 'quote' } }], 'no response field quote'],
    ['an Idempotency-Key on a GET', [{ name: 'A', route: { get: '/v1/a' }, access: { idempotent: true } }], 'not a POST'],
    ['success that is a failure', [{ name: 'A', route: { get: '/v1/a' }, access: { successStatus: 404 } }], 'success status 404'],
    ['a route on a stream', [{ name: 'A', route: { get: '/v1/a' }, streams: true }], 'not unary'],
    ['a stream method that is none', [{ name: 'A', route: { get: '/v1/a' }, access: { streamMethod: 'B' } }], 'no server-streaming RPC'],
  ])('refuses %s', (_, rpcs, fault) => {
    expect(checkRoutes([serviceWith(...rpcs)]).join('\n')).toContain(fault);
  });

  it('takes the same path with another verb, and a literal beside a variable', () => {
    const service = serviceWith(
      { name: 'A', route: { get: '/v1/{id}' }, fields: ['id'] },
      { name: 'B', route: { delete: '/v1/{id}' }, fields: ['id'] },
      { name: 'C', route: { get: '/v1/special' } },
    );
    expect(checkRoutes([service])).toEqual([]);
    expect(routedMethods([service]).map(({ method }) => method.name)).toEqual(['C', 'B', 'A']);
  });
});
