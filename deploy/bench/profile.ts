// Tells where the time of a generation goes: standalone under V8's sampling profiler, one caller after a warm-up.
//
//   node deploy/bench/profile.ts [--callers 1] [--seconds 12]
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { percentile, runLoad } from './load.ts';
import { sumUp } from './profile-shares.ts';
import type { CpuProfile } from './profile-shares.ts';
import { startSimulator, startStandaloneTarget } from './targets.ts';

const { values } = parseArgs({ options: { callers: { type: 'string', default: '1' }, seconds: { type: 'string', default: '12' } } });
const [callers, seconds] = [Number(values.callers), Number(values.seconds)];
const warmUp = { callers: 32, seconds: 12 };

const folder = mkdtempSync(join(tmpdir(), 'qm-profile-'));
const simulator = await startSimulator(20);
const profiler = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval', '200'];
const target = await startStandaloneTarget(simulator.url, Math.max(callers, warmUp.callers), profiler);
await runLoad(target.call, warmUp);
const { latenciesMs } = await runLoad(target.call, { callers, seconds });
await target.stop();
await simulator.stop();

const [file = ''] = readdirSync(folder);
const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
rmSync(folder, { recursive: true });
const { busyMs, shares } = sumUp(profile, seconds);
console.log(`${String(callers)} callers, ${String(latenciesMs.length)} calls, p50 ${percentile(latenciesMs, 0.5).toFixed(1)} ms;`);
console.log(`${(busyMs / latenciesMs.length).toFixed(1)} ms of the process's one thread a call, spent in:\n`);
for (const { name, share } of shares.slice(0, 16)) console.log(`${(share * 100).toFixed(1).padStart(6)} %  ${name}`);
