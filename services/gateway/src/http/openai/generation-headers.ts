import type { Generation } from '@quotemaster/contract/ai';
import type { Response } from 'express';

/** Tells where an answer came from, in headers: the wire format has no room for it. */
export function setGenerationHeaders(response: Response, generation: Generation | undefined): void {
  if (generation === undefined) return;
  setOriginHeaders(response, generation);
  response.setHeader('x-qm-cost-microusd', String(generation.usage?.costMicroUsd ?? 0n));
}

/** What is known before the answer is whole. */
export function setOriginHeaders(
  response: Response,
  { provider, decisionId, cached = 'none' }: { readonly provider: string; readonly decisionId: string; readonly cached?: string },
): void {
  response.setHeader('x-qm-provider', provider);
  response.setHeader('x-qm-decision-id', decisionId);
  response.setHeader('x-qm-cache', cached);
}
