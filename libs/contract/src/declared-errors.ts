import { getOption } from '@bufbuild/protobuf';
import type { DescService } from '@bufbuild/protobuf';
import { errors as errorsOption } from './gen/quotemaster/common/v1/options_pb.js';
import type { ErrorCode } from './gen/quotemaster/common/v1/options_pb.js';

/** Lists the errors that a service declares. */
export function declaredErrors(service: DescService): readonly ErrorCode[] {
  return getOption(service, errorsOption);
}
