import { ConfigError } from './config-error.ts';
import type { ConfigFault } from './config-error.ts';
import { Secret } from './secret.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads one variable at a time and remembers each fault, so that all are told at once.
 *
 * A variable that is unset or empty takes its fallback; without one it is a fault. `optional…` gives undefined instead.
 */
export interface ConfigReader {
  string(variable: string, fallback?: string): string;
  optionalString(variable: string): string | undefined;
  secret(variable: string): Secret;
  optionalSecret(variable: string): Secret | undefined;
  integer(variable: string, fallback: number | undefined, bounds: { min: number; max: number }): number;
  port(variable: string, fallback?: number): number;
  boolean(variable: string, fallback: boolean): boolean;
  oneOf<T extends string>(variable: string, choices: readonly T[], fallback?: T): T;
  /** A comma-separated list, trimmed, without empty entries. */
  list(variable: string, fallback?: readonly string[]): readonly string[];
  /** An absolute URL of one of the schemes given ("postgres", "postgresql"). */
  url(variable: string, schemes: readonly string[], fallback?: string): string;
  optionalUrl(variable: string, schemes: readonly string[]): string | undefined;
  /** A URL that holds a password. */
  optionalSecretUrl(variable: string, schemes: readonly string[]): Secret | undefined;
  /** Records a fault found by other means. */
  fault(fault: ConfigFault): void;
}

/**
 * Reads a typed config from an environment.
 * @throws ConfigError with every fault `read` met, not just the first.
 */
export function readConfig<T>(env: Environment, read: (reader: ConfigReader) => T): T {
  const faults: ConfigFault[] = [];
  const config = read(createReader(env, faults));
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

function createReader(env: Environment, faults: ConfigFault[]): ConfigReader {
  const raw = (variable: string): string | undefined => {
    const value = env[variable]?.trim();
    return value === '' ? undefined : value;
  };

  function take<T>(variable: string, expected: string, fallback: T | undefined, placeholder: T, parse: (text: string) => T | undefined): T {
    const text = raw(variable);
    if (text === undefined) {
      if (fallback !== undefined) return fallback;
      faults.push({ variable, expected, found: 'nothing' });
      return placeholder;
    }
    const value = parse(text);
    if (value !== undefined) return value;
    faults.push({ variable, expected, found: JSON.stringify(text) });
    return placeholder;
  }

  function checkedUrl(variable: string, text: string, schemes: readonly string[], isSecret: boolean): string | undefined {
    const scheme = URL.canParse(text) ? new URL(text).protocol.slice(0, -1) : undefined;
    if (scheme !== undefined && schemes.includes(scheme)) return text;
    faults.push({ variable, expected: urlForm(schemes), found: isSecret ? 'something else (not shown)' : JSON.stringify(text) });
    return undefined;
  }

  const reader: ConfigReader = {
    string: (variable, fallback) => take(variable, 'some text', fallback, '', (text) => text),
    optionalString: raw,
    secret: (variable) => new Secret(take(variable, 'a secret', undefined, '', (text) => text)),
    optionalSecret: (variable) => {
      const text = raw(variable);
      return text === undefined ? undefined : new Secret(text);
    },
    integer: (variable, fallback, { min, max }) =>
      take(variable, `a whole number from ${String(min)} to ${String(max)}`, fallback, min, (text) => {
        const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
        return value >= min && value <= max ? value : undefined;
      }),
    port: (variable, fallback) => reader.integer(variable, fallback, { min: 0, max: 65_535 }),
    boolean: (variable, fallback) =>
      take(variable, 'true or false', fallback, fallback, (text) => (text === 'true' ? true : text === 'false' ? false : undefined)),
    oneOf: (variable, choices, fallback) =>
      take(variable, `one of ${choices.join(', ')}`, fallback, choices[0] as (typeof choices)[number], (text) =>
        choices.find((choice) => choice === text),
      ),
    list: (variable, fallback = []) =>
      raw(variable)
        ?.split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '') ?? fallback,
    url: (variable, schemes, fallback) => {
      const text = take(variable, urlForm(schemes), fallback, '', (value) => value);
      return text === '' ? text : (checkedUrl(variable, text, schemes, false) ?? '');
    },
    optionalUrl: (variable, schemes) => {
      const text = raw(variable);
      return text === undefined ? undefined : checkedUrl(variable, text, schemes, false);
    },
    optionalSecretUrl: (variable, schemes) => {
      const text = raw(variable);
      const checked = text === undefined ? undefined : checkedUrl(variable, text, schemes, true);
      return checked === undefined ? undefined : new Secret(checked);
    },
    fault: (fault) => {
      faults.push(fault);
    },
  };
  return reader;
}

function urlForm(schemes: readonly string[]): string {
  return `a URL such as ${schemes[0] ?? 'https'}://host`;
}
