/** One fault of the environment. `found` is never the value of a secret. */
export interface ConfigFault {
  readonly variable: string;
  readonly expected: string;
  readonly found: string;
}

/** The process can't run in this environment. Whoever catches it prints `message` and exits with `exitCode`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** EX_CONFIG of sysexits.h. */
  readonly exitCode = 78;
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(faults.map((fault) => `${fault.variable}: expected ${fault.expected}, found ${fault.found}`).join('\n'));
    this.faults = faults;
  }
}
