import type { RateWindow } from '../store/admissions.ts'

/** Limits on requests, counted for each credential by itself: an API key, or the owner of a client certificate. */
export const requestLimits = ['certcentral', 'one'] as const
/** Limits on what an account creates at the TinyCert face. */
export const creationLimits = ['tinycert.authorities', 'tinycert.certificates'] as const

export type RequestLimit = (typeof requestLimits)[number]
export type CreationLimit = (typeof creationLimits)[number]
export type LimitName = RequestLimit | CreationLimit

/** Rolling windows of every limit, the shortest first; none: no limit. A creation limit has one window at most. */
export type Limits = { readonly [Name in LimitName]: readonly RateWindow[] }

/** What an operator set for one account or key in place of what the configuration says. */
export type LimitOverrides = { readonly [Name in LimitName]?: readonly RateWindow[] }

/** What the settings of an account say about limits. */
export interface OwnLimits {
  /** In place of those of the configuration. */
  readonly limits?: LimitOverrides
  /** The same for single API keys, by public id. */
  readonly keyLimits?: Readonly<Record<string, LimitOverrides>>
}

/** Windows of one limit an account or a key can have at most. */
export const MOST_WINDOWS = 4
/** Keys of one account that can have limits of their own. */
export const MOST_KEYS = 100

const names: ReadonlySet<string> = new Set([...requestLimits, ...creationLimits])

export function isLimitName(text: string): text is LimitName {
  return names.has(text)
}

/** Who said which windows hold. */
export type LimitSource = 'key' | 'account' | 'configuration'

/**
 * The windows that hold for a credential: the key's own, else the account's, else the usual ones. Without usual ones
 * limits are off for all, so that nothing holds up a load test.
 *
 * @param publicId of the API key; undefined for what is no key
 */
export function windowsFor(
  name: LimitName,
  usual: readonly RateWindow[],
  { settings }: { readonly settings: OwnLimits },
  publicId: string | undefined,
): readonly RateWindow[] {
  return usual.length === 0 ? usual : (ownWindows(name, settings, publicId)?.windows ?? usual)
}

/** What was set for the key or its account; undefined when nothing was. */
export function ownWindows(
  name: LimitName,
  { limits, keyLimits }: OwnLimits,
  publicId: string | undefined,
): { readonly source: 'key' | 'account'; readonly windows: readonly RateWindow[] } | undefined {
  const ofKey = publicId === undefined ? undefined : keyLimits?.[publicId]?.[name]
  if (ofKey !== undefined) return { source: 'key', windows: ofKey }
  const ofAccount = limits?.[name]
  return ofAccount && { source: 'account', windows: ofAccount }
}
