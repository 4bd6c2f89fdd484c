// A thread that calls at a steady rate, whatever it is answered. abuse.ts starts it and is told what came of it.
import { parentPort, workerData } from 'node:worker_threads';
import { call } from './edge-system.ts';
import { atRate, emptyTally } from './rate.ts';

/** What the thread is to do. */
export interface AbuserOrders {
  readonly url: string;
  readonly token: string | undefined;
  readonly perSecond: number;
  readonly seconds: number;
}

const { url, token, perSecond, seconds } = workerData as AbuserOrders;
const tally = emptyTally();
await atRate(perSecond, seconds, () => call(url, { headers: { authorization: `Bearer ${token ?? ''}` } }), tally);
parentPort?.postMessage(tally);
