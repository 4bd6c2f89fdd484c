import { patternSentence, querySchema, requestSchemaName } from '@quotemaster/contract';
import type { JsonSchema, OpenApiDocument, RoutedMethod } from '@quotemaster/contract';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { FieldFault } from '@quotemaster/errors';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { isTimestamp } from './timestamp.ts';

/** Checks the parts of requests of one route against the published schema. */
export interface RouteValidator {
  /** @throws AppError `common.invalid_request` with a fault a field. */
  body(value: unknown): void;
  /** Path variables and query as typed values. @throws AppError `common.invalid_request` with a fault a field. */
  parameters(value: Readonly<Record<string, unknown>>): void;
  readonly parameterSchema: JsonSchema;
}

const faultsMax = 20;
const documentId = 'openapi.json';

/** Creates validators that refer into the very document that /openapi.json serves. */
export function createValidators(document: OpenApiDocument): (entry: RoutedMethod) => RouteValidator {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true });
  // ajv-formats is CommonJS: its function is the default of its namespace.
  (addFormats as unknown as (target: Ajv2020) => void)(ajv);
  // Formats and parts of OpenAPI that say nothing about JSON values of ours.
  ajv.addFormat('password', true);
  ajv.addFormat('date-time', isTimestamp);
  ajv.addVocabulary(['components']);
  ajv.addSchema({ $id: documentId, components: { schemas: document.components.schemas } });

  return (entry) => {
    const parameterSchema = querySchema(entry);
    const parameters = ajv.compile(parameterSchema);
    const body = entry.route.hasBody ? ajv.compile({ $ref: `${documentId}#/components/schemas/${requestSchemaName(entry)}` }) : undefined;
    return {
      parameterSchema,
      parameters: (value) => check(parameters, value),
      body: (value) => {
        if (body === undefined) return;
        check(body, value);
      },
    };
  };
}

function check(validate: ValidateFunction, value: unknown): void {
  if (validate(value)) return;
  // What is empty breaks more than one rule; of a field the first says enough.
  const byField = new Map(
    (validate.errors ?? [])
      .map(toFault)
      .toReversed()
      .map((fault) => [fault.field, fault]),
  );
  const fields = [...byField.values()].toReversed().slice(0, faultsMax);
  throw new AppError(commonErrors.invalidRequest, {
    fields,
    detail: fields.length === 1 ? 'One field is not valid.' : 'Some fields are not valid.',
  });
}

function toFault({ instancePath, keyword, params, message = 'is not valid' }: ErrorObject): FieldFault {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((joined, part) => (/^\d+$/.test(part) ? `${joined}[${part}]` : joined === '' ? part : `${joined}.${part}`), '');
  const inside = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const { missingProperty, additionalProperty, allowedValues } = params as {
    missingProperty?: string;
    additionalProperty?: string;
    allowedValues?: unknown[];
  };
  switch (keyword) {
    case 'required':
      return { field: inside(missingProperty ?? ''), message: 'is required' };
    case 'additionalProperties':
      return { field: inside((additionalProperty ?? '').slice(0, 100)), message: 'is not a field of this call' };
    case 'enum':
      return { field: path, message: `must be one of ${(allowedValues ?? []).map((word) => JSON.stringify(word)).join(', ')}` };
    case 'pattern':
      return { field: path, message: patternSentence(params['pattern'] as string) };
    case 'minProperties':
      return { field: path, message: 'must name at least one field' };
    case 'type':
      return { field: path, message: path === '' ? 'the body must be a JSON object' : message };
    default:
      return { field: path, message };
  }
}
