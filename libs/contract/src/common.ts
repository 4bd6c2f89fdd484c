export * from './gen/quotemaster/common/v1/options_pb.js';
