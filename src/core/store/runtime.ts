import type { Instant } from '../brand.ts'
import type { Program } from './program.ts'

/** Single values of the installation. */
export type SettingName =
  /** Fingerprint of the master key that opens this store. */
  | 'master-key'
  /** Key of the records' integrity MACs, sealed under the master key; base64. */
  | 'integrity-key'
  /** `production` or `sandbox`, from the first start. */
  | 'kind'
  /** Random name of this installation. */
  | 'installation'
  /** Account of the operator, made at the first start. */
  | 'operator-account'
  /** CA that issues for the command line and for our own listeners. */
  | 'operator-authority'
  /** Certificate of our own TLS listeners, see src/core/authorities. */
  | 'tls-certificate'
  /** Time of the last signature, to notice a clock that was put back, see src/core/signing-mark.ts. */
  | 'last-signing'
  /** CRLs that a clock made which ran ahead, see src/core/status/given-up-crls.ts. */
  | 'given-up-crls'
  /** Public URL that was last served, for commands that are not told one. */
  | 'public-url'
  /** A time in which the APIs are closed, see src/core/limits/maintenance.ts. */
  | 'maintenance'
  /** Set by `recover --confirm`: highest restored marks that the operator accepted. */
  | 'recovery'

export interface RuntimeReads {
  setting(name: SettingName): Program<string | undefined>
}

export interface RuntimeWrites {
  /** Reads a setting and keeps every other transaction from changing it until this one ends. */
  holdSetting(name: SettingName): Program<string | undefined>
  setSetting(name: SettingName, value: string): Program<void>
  /** Takes or renews a lease that is free, expired or ours; false when another holds it. */
  takeLease(name: string, holder: string, now: Instant, until: Instant): Program<boolean>
  releaseLease(name: string, holder: string): Program<void>
  /** Ends leases that would end later than this: a clock gave them that ran ahead. How many. */
  dropLeasesAfter(until: Instant): Program<number>
  /** Forgets at most `limit` leases that have ended; returns how many. An ended lease is free either way. */
  dropEndedLeases(now: Instant, limit: number): Program<number>
}
