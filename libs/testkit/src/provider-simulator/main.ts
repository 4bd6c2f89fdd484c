// The provider simulator by itself: `npm run simulator`. Prints the variables that point the system at it.
import { startProviderSimulator } from './provider-simulator.ts';

const port = Number(process.env['SIMULATOR_PORT'] ?? 9900);
const latencyMs = Number(process.env['SIMULATOR_LATENCY_MS'] ?? 0);
const simulator = await startProviderSimulator({ port, latencyMs });
console.log(`The provider simulator listens on ${simulator.url}; each answer takes ${String(latencyMs)} ms.

  export OPENAI_BASE_URL=${simulator.openaiUrl} OPENAI_API_KEY=any
  export ANTHROPIC_BASE_URL=${simulator.anthropicUrl} ANTHROPIC_API_KEY=any
  export AZURE_OPENAI_ENDPOINT=${simulator.azureUrl} AZURE_OPENAI_API_KEY=any AZURE_OPENAI_DEPLOYMENT=gpt-6-luna
  export WHISPER_BASE_URL=${simulator.compatibleUrl('whisper')}

  curl -X PUT ${simulator.url}/_control/accounts/openai/behaviour -d '[{"kind":"status","code":500}]'
  curl ${simulator.url}/_control/invoice`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.log(JSON.stringify(simulator.invoice(), null, 2));
    void simulator.stop();
  });
}
