export { aiErrors, decisionErrors, providerErrors } from './gen/error-codes.ts';
export * from './gen/quotemaster/ai/v1/ai_service_pb.js';
export * from './gen/quotemaster/ai/v1/decision_service_pb.js';
export * from './gen/quotemaster/ai/v1/generation_pb.js';
export * from './gen/quotemaster/ai/v1/inference_service_pb.js';
export * from './gen/quotemaster/ai/v1/provider_service_pb.js';
