export { quoteErrors } from './gen/error-codes.ts';
export * from './gen/quotemaster/quote/v1/quote_pb.js';
export * from './gen/quotemaster/quote/v1/quote_service_pb.js';
