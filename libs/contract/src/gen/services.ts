// Generated from proto/ by `make gen`. Do not edit.
import type { DescService } from '@bufbuild/protobuf';
import { AiService } from './quotemaster/ai/v1/ai_service_pb.js';
import { DecisionService } from './quotemaster/ai/v1/decision_service_pb.js';
import { InferenceService } from './quotemaster/ai/v1/inference_service_pb.js';
import { ProviderService } from './quotemaster/ai/v1/provider_service_pb.js';
import { PrivacyService } from './quotemaster/privacy/v1/privacy_service_pb.js';
import { QuoteService } from './quotemaster/quote/v1/quote_service_pb.js';
import { AdminService } from './quotemaster/user/v1/admin_service_pb.js';
import { ApiKeyService } from './quotemaster/user/v1/api_key_service_pb.js';
import { AuthService } from './quotemaster/user/v1/auth_service_pb.js';
import { MfaService } from './quotemaster/user/v1/mfa_service_pb.js';
import { OAuthService } from './quotemaster/user/v1/oauth_service_pb.js';
import { PasskeyService } from './quotemaster/user/v1/passkey_service_pb.js';
import { UserService } from './quotemaster/user/v1/user_service_pb.js';

/** Every service of the contract. */
export const contractServices: readonly DescService[] = [AiService, DecisionService, InferenceService, ProviderService, PrivacyService, QuoteService, AdminService, ApiKeyService, AuthService, MfaService, OAuthService, PasskeyService, UserService];
