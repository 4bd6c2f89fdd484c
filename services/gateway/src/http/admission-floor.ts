/** Sign-ins have 90: nobody's way in is closed before everything else is. */
export const floorMax = 100;
const stepUp = 10;
const stepDown = 5;
/** The floor at which shedding begins: below it there is nothing. */
const floorFrom = 25;

/**
 * Gives the floor for so many calls in flight: none up to the bound, then from 25 to 100 in a straight line up to twice the bound. Analytics
 * (20) go at once, reads (50) at a third over, generations (70) at three fifths, sign-ins (90) shortly before the end.
 */
export function floorOfCalls(inFlight: number, inFlightMax: number): number {
  const load = inFlight / inFlightMax;
  return load <= 1 ? 0 : Math.min(floorMax, floorFrom + (load - 1) * (floorMax - floorFrom));
}

/**
 * Gives the next floor for the delay of the event loop, which tells of too much work only after it was let in: up by 10 a sample while the delay
 * is beyond its bound, twice as fast at double the bound, down by 5 below three quarters of it; in between it stays, so that it does not
 * swing.
 */
export function nextFloorOfDelay(floor: number, delayMs: number, delayMaxMs: number): number {
  const load = delayMs / delayMaxMs;
  if (load > 1) return Math.min(floorMax, floor + (load > 2 ? 2 * stepUp : stepUp));
  return load < 0.75 ? Math.max(0, floor - stepDown) : floor;
}
