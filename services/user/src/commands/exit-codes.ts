/** Exit codes of commands. @see sysexits.h */
export const exitCodes = { done: 0, failed: 1, usage: 64, config: 78 } as const;
