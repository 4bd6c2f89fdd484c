export { readGatewayConfig } from './config.ts';
export type { GatewayConfig } from './config.ts';
export type { GatewayDeps } from './context.ts';
export { buildGateway } from './server.ts';
export type { Gateway } from './server.ts';
