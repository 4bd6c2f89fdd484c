export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export { createLifecycle } from './lifecycle.ts';
export type { Component, Lifecycle, LifecycleLogger } from './lifecycle.ts';
export { runMain } from './run-main.ts';
export type { MainProcess, RunningProgram } from './run-main.ts';
