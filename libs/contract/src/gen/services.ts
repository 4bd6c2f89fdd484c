// Generated from proto/ by `make gen`. Do not edit.
import type { DescService } from '@bufbuild/protobuf';
import { AiService } from './quotemaster/ai/v1/ai_service_pb.js';
import { PrivacyService } from './quotemaster/privacy/v1/privacy_service_pb.js';
import { QuoteService } from './quotemaster/quote/v1/quote_service_pb.js';
import { AuthService } from './quotemaster/user/v1/auth_service_pb.js';
import { UserService } from './quotemaster/user/v1/user_service_pb.js';

/** Every service of the contract. */
export const contractServices: readonly DescService[] = [AiService, PrivacyService, QuoteService, AuthService, UserService];
