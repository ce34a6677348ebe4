import type { Directory } from './authorities/directory.ts'
import type { Environment } from './environment.ts'
import type { KeyService } from './keys/key-service.ts'
import type { PassphraseKeys } from './keys/passphrase-keys.ts'
import type { Sealer } from './keys/sealer.ts'
import type { Limits } from './limits/limits.ts'
import type { RefusalPace } from './limits/refusal-pace.ts'
import type { KeyList } from './policy/keys/key-list.ts'
import type { SigningGate } from './signing-gate.ts'
import type { RateWindow } from './store/admissions.ts'
import type { HighWater } from './store/high-water.ts'
import type { Store } from './store/store.ts'
import type { Outside } from './validation/outside.ts'

/** Figures an operator may change; every one has its default in src/core/engine-settings.ts. */
export interface EngineSettings {
  /** Base of the AIA, OCSP and CRL addresses in certificates: `http://ca.example`, no trailing slash. */
  readonly publicUrl: string
  /** How long an unused TinyCert session lives. */
  readonly sessionIdleMs: number
  /** A CRL's thisUpdate to nextUpdate. At most 10 days for CAs that issue leaves. */
  readonly crlValidityMs: number
  /** A CRL is made anew this long before its nextUpdate. */
  readonly crlRenewBeforeMs: number
  /** Longest time from a status change to the CRL that shows it. */
  readonly crlDelayMs: number
  /** An OCSP answer's thisUpdate to nextUpdate: 8 hours to 10 days. */
  readonly ocspValidityMs: number
  /** How far a leaf's notBefore lies before its issuance, against clocks that run slow. At most 48 hours. */
  readonly backdateMs: number
  /** Largest certificate that is issued, in bytes of DER. */
  readonly maximumCertificateBytes: number
  /** Most alternative names in one certificate. */
  readonly maximumNames: number
  /** Most reissues of one order, and most duplicates. */
  readonly maximumReissues: number
  readonly maximumDuplicates: number
  /** Usual limits of requests and creations; empty lists: not limited, whatever accounts and keys were given. */
  readonly limits: Limits
  /** Windows for credentials of one address that do not work, the shortest first; none: not limited. */
  readonly failedAttempts: readonly RateWindow[]
}

/** The parts every verb works with. Built once in src/main.ts. */
export interface Engine extends Environment {
  readonly settings: EngineSettings
  readonly store: Store
  readonly sealer: Sealer
  readonly passphraseKeys: PassphraseKeys
  readonly keyService: KeyService
  readonly highWater: HighWater
  readonly directory: Directory
  readonly signingGate: SigningGate
  readonly refusalPace: RefusalPace
  readonly outside: Outside
  /** Known weak keys: the built-in lists and the operator's. */
  readonly keyLists: readonly KeyList[]
}
