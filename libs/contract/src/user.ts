export { authErrors, userErrors } from './gen/error-codes.ts';
export * from './gen/quotemaster/user/v1/auth_service_pb.js';
export * from './gen/quotemaster/user/v1/user_pb.js';
export * from './gen/quotemaster/user/v1/user_service_pb.js';
