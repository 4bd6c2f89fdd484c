import { writeFileSync } from 'node:fs';
import type { ProviderSimulator } from '@quotemaster/testkit/provider-simulator';

/** Writes a config file with accounts of the simulator as providers, each with one model of that name. */
export function writeAiConfig(
  file: string,
  simulator: ProviderSimulator,
  providers: readonly ({ readonly id: string } & Record<string, unknown>)[],
  more: object = {},
): void {
  const price = { input: 0.1, output: 0.5 };
  const models = [{ name: 'gpt-6-luna', price, maxOutputTokens: 64 }];
  const listed = providers.map((one) => ({ kind: 'compatible', baseUrl: simulator.compatibleUrl(one.id), models, ...one }));
  writeFileSync(file, JSON.stringify({ ...more, providers: listed }));
}
