import type { DescService } from '@bufbuild/protobuf';
import { AiService } from './gen/quotemaster/ai/v1/ai_service_pb.js';
import { PrivacyService } from './gen/quotemaster/privacy/v1/privacy_service_pb.js';
import { QuoteService } from './gen/quotemaster/quote/v1/quote_service_pb.js';
import { AuthService } from './gen/quotemaster/user/v1/auth_service_pb.js';
import { UserService } from './gen/quotemaster/user/v1/user_service_pb.js';

/** Every service of the contract. */
export const contractServices: readonly DescService[] = [AiService, AuthService, PrivacyService, QuoteService, UserService];
