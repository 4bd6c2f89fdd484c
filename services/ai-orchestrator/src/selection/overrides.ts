/** What an administrator has decided about a provider, over what the file says. */
export interface ProviderOverride {
  /** A disabled provider is not asked at all. */
  readonly enabled: boolean;
  /** One that drains gets no new calls; those under way end. */
  readonly draining: boolean;
  /** Undefined: the file's. */
  readonly weight: number | undefined;
}

export const noOverride: ProviderOverride = { enabled: true, draining: false, weight: undefined };
