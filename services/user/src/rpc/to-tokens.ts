import type { MessageInitShape } from '@bufbuild/protobuf';
import type { TokensSchema } from '@quotemaster/contract/user';
import type { RefreshAnswer } from '../credentials/refresh-token.ts';

export function toTokens(answer: RefreshAnswer): MessageInitShape<typeof TokensSchema> {
  return { accessToken: answer.accessToken, refreshToken: answer.refreshToken, tokenType: 'Bearer', expiresIn: answer.expiresInSeconds };
}
