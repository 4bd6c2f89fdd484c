import { create, createFileRegistry, setExtension } from '@bufbuild/protobuf';
import type { DescService, MessageInitShape } from '@bufbuild/protobuf';
import {
  FieldDescriptorProtoSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MethodOptionsSchema,
  file_google_protobuf_field_mask,
} from '@bufbuild/protobuf/wkt';
import type { FieldDescriptorProto, MethodOptions } from '@bufbuild/protobuf/wkt';
import { FieldRulesSchema, field as fieldOption } from '../../src/gen/buf/validate/validate_pb.js';
import { http } from '../../src/gen/google/api/annotations_pb.js';
import { HttpRuleSchema } from '../../src/gen/google/api/http_pb.js';
import { AccessSchema, access } from '../../src/gen/quotemaster/common/v1/options_pb.js';

export interface Rpc {
  readonly name: string;
  readonly route?: Record<string, string>;
  readonly access?: Record<string, unknown>;
  /** Names of the request's fields, which are texts of at most 10 characters, or `update_mask`; or fields as they are. */
  readonly fields?: readonly (string | FieldDescriptorProto)[];
  readonly streams?: boolean;
}

/** Makes a service by hand, with RPCs that a real contract may not have. */
export function serviceWith(...rpcs: Rpc[]): DescService {
  const file = create(FileDescriptorProtoSchema, {
    name: 'test.proto',
    package: 'test.v1',
    syntax: 'proto3',
    dependency: ['google/protobuf/field_mask.proto'],
    messageType: rpcs.flatMap(({ name, fields = [] }) => [
      {
        name: `${name}Request`,
        field: fields.map((field, index) => {
          const made = typeof field === 'string' ? namedField(field) : field;
          made.number = index + 1;
          // As every compiler fills it in.
          made.jsonName = made.name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
          return made;
        }),
      },
      { name: `${name}Response`, field: [{ ...text('id'), number: 1 }] },
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

/** A text field with these rules, or without any. */
export function text(name: string, rules?: MessageInitShape<typeof FieldRulesSchema>): FieldDescriptorProto {
  const field = create(FieldDescriptorProtoSchema, {
    name,
    type: FieldDescriptorProto_Type.STRING,
    label: FieldDescriptorProto_Label.OPTIONAL,
  });
  if (rules === undefined) return field;
  field.options = create(FieldOptionsSchema);
  setExtension(field.options, fieldOption, create(FieldRulesSchema, rules));
  return field;
}

/** The same field as a list. */
export function listOf(field: FieldDescriptorProto): FieldDescriptorProto {
  field.label = FieldDescriptorProto_Label.REPEATED;
  return field;
}

function namedField(name: string): FieldDescriptorProto {
  if (name !== 'update_mask') return text(name, { type: { case: 'string', value: { maxLen: 10n } } });
  return create(FieldDescriptorProtoSchema, {
    name,
    type: FieldDescriptorProto_Type.MESSAGE,
    typeName: '.google.protobuf.FieldMask',
    label: FieldDescriptorProto_Label.OPTIONAL,
  });
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
