export * from './gen/quotemaster/privacy/v1/privacy_service_pb.js';
