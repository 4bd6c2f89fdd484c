import { contractServices, openApiDocument } from '@quotemaster/contract';
import type { OpenApiDocument } from '@quotemaster/contract';
import { commonErrors, toHttpStatus } from '@quotemaster/errors';
import type { ErrorDefinition } from '@quotemaster/errors';
import { oauthPaths } from './oauth-paths.ts';

const apiVersion = '1.0.0';

/** Makes the document that /openapi.json serves and that requests are checked against. */
export function apiDocument(publicUrl: string): OpenApiDocument {
  const definitions: readonly ErrorDefinition[] = Object.values(commonErrors);
  const document = openApiDocument(contractServices, {
    publicUrl,
    version: apiVersion,
    commonErrors: definitions.map(({ code, title, status, httpStatus }) => ({
      code,
      title,
      httpStatus: httpStatus ?? toHttpStatus(status),
    })),
  });
  return { ...document, paths: { ...document.paths, ...oauthPaths } };
}
