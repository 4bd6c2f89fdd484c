/** What the simulator charges, in millionths of a US dollar per million tokens; transcription per minute of audio. */
export interface SimulatorPrice {
  readonly input: number;
  readonly output: number;
  readonly minute: number;
}

const prices: Readonly<Record<string, Partial<SimulatorPrice>>> = {
  'gpt-6-luna': { input: 100_000, output: 500_000 },
  'gpt-6-sol': { input: 2_000_000, output: 10_000_000 },
  'claude-haiku-5-5': { input: 100_000, output: 500_000 },
  'claude-sonnet-5-5': { input: 2_000_000, output: 10_000_000 },
  'text-embedding-3-small': { input: 20_000 },
  'whisper-1': { minute: 6_000 },
};
const otherwise: SimulatorPrice = { input: 1_000_000, output: 2_000_000, minute: 6_000 };

export function priceOf(model: string): SimulatorPrice {
  const price = prices[model];
  return price === undefined ? otherwise : { input: 0, output: 0, minute: 0, ...price };
}

/** The charge for one call in millionths of a US dollar, rounded up once. */
export function chargeFor(model: string, used: { inputTokens: number; outputTokens: number; audioSeconds: number }): number {
  const { input, output, minute } = priceOf(model);
  const tokens = used.inputTokens * input + used.outputTokens * output;
  return Math.ceil((tokens + (Math.ceil(used.audioSeconds * 1_000) * minute * 1_000_000) / 60_000) / 1_000_000);
}
