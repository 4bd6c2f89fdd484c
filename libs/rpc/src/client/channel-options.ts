import type { ChannelOptions } from '@grpc/grpc-js';
import { messageBytesMax } from '../limits.ts';

/**
 * How every client of ours connects.
 *
 * No keepalive: a PING after GOAWAY kills calls in grpc-js 1.14 (grpc-node#3068). No retry policy: retries belong to
 * unary.ts. `grpc.enable_retries` stays on, because with 0 grpc-js also gives up its transparent retry of streams that
 * the server never saw, and each connection that reaches its age would fail the calls that cross its GOAWAY.
 */
export const channelOptions: ChannelOptions = {
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  'grpc.service_config_disable_resolution': 1,
  'grpc.dns_min_time_between_resolutions_ms': 5_000,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 5_000,
  'grpc.max_receive_message_length': messageBytesMax,
  'grpc.max_send_message_length': messageBytesMax,
  'grpc.enable_http_proxy': 0,
  'grpc.enable_channelz': 0,
};
