import type { KeyUsage } from '../../pki/extensions/key-usage.ts'
import type { LifetimeLimit } from '../policy/lifetime-limits.ts'

/**
 * What a key may be used for decides its keyUsage: RSA keys also encipher (RFC 4055 section 1.2), the others
 * only sign (RFC 8410 section 5, RFC 8813, RFC 9881 section 5).
 */
export type KeyClass = 'rsa' | 'signature'

/** The kinds of alternative name a profile may carry. */
export type AlternativeNameType =
  | 'dns'
  | 'ip'
  | 'email'
  | 'uri'
  | 'upn'
  | 'guid'
  | 'directory'
  | 'registeredId'
  | 'other'

interface ProfileBase {
  /** Stored with every certificate. */
  readonly id: string
  /** Raised whenever the certificates it makes change; stored in the audit log beside the id. */
  readonly version: number
  readonly keyUsage: {
    readonly critical: boolean
    readonly usages: { readonly [Class in KeyClass]: readonly KeyUsage[] }
  }
}

/** A profile of certificates for subscribers. */
export interface LeafProfile extends ProfileBase {
  readonly type: 'leaf'
  /** Purposes as dotted OIDs; empty: the extension is absent. */
  readonly extKeyUsage: readonly string[]
  /** Certificate policies as dotted OIDs; absent: the extension is absent. */
  readonly policies?: readonly string[]
  /** Netscape's forerunner of the purposes, as the TinyCert service still writes it. */
  readonly netscapeCertType: boolean
  readonly alternativeNames: {
    readonly types: readonly AlternativeNameType[]
    readonly required: boolean
    /** URIs without a scheme are taken as they are. */
    readonly urisWithoutScheme: boolean
  }
  /** `among-names`: a copy of one of the alternative names. `free`: any text within RFC 5280's bounds. */
  readonly commonName: 'among-names' | 'free'
  /** Subject attributes besides the common name (dotted OIDs), in the order they are written. */
  readonly subjectAttributes: readonly string[]
  /**
   * What a request's wish for an extension leads to. Nothing is ever copied. `refuse-forbidden`: a wish for
   * powers no leaf has, or for an unknown critical extension, is refused; `ignore`: it is dropped.
   */
  readonly requestedExtensions: 'ignore' | 'refuse-forbidden'
  readonly defaultLifetimeDays: number
  /** Undefined: as long as the issuer lives and its grants allow. Dated limits go by the day of signing. */
  readonly maximumLifetimeDays: number | readonly LifetimeLimit[] | undefined
}

/** A profile of CA certificates. */
export interface AuthorityProfile extends ProfileBase {
  readonly type: 'authority'
  /** Undefined: no limit is written. */
  readonly pathLenConstraint: number | undefined
  /** Purposes that certificates below it may have, as dotted OIDs; absent: any, and the extension is absent. */
  readonly extKeyUsage?: readonly string[]
  /** Certificate policies as dotted OIDs; absent: the extension is absent. */
  readonly policies?: readonly string[]
  /** Subject attributes (dotted OIDs) in the order they are written. */
  readonly subjectAttributes: readonly string[]
  readonly lifetimeDays: number
}

/** The profile of a delegated OCSP signer, RFC 6960 section 4.2.2.2. */
export interface ResponderProfile extends ProfileBase {
  readonly type: 'ocsp-responder'
  readonly lifetimeDays: number
}

export type Profile = LeafProfile | AuthorityProfile | ResponderProfile
