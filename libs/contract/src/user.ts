export { adminErrors, apiKeyErrors, authErrors, mfaErrors, oAuthErrors, passkeyErrors, userErrors } from './gen/error-codes.ts';
export * from './gen/quotemaster/user/v1/admin_service_pb.js';
export * from './gen/quotemaster/user/v1/api_key_service_pb.js';
export * from './gen/quotemaster/user/v1/auth_service_pb.js';
export * from './gen/quotemaster/user/v1/mfa_service_pb.js';
export * from './gen/quotemaster/user/v1/oauth_service_pb.js';
export * from './gen/quotemaster/user/v1/passkey_service_pb.js';
export * from './gen/quotemaster/user/v1/user_pb.js';
export * from './gen/quotemaster/user/v1/user_service_pb.js';
