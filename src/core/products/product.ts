import type { ValidationType } from '../organizations/organization.ts'

export type ProductGroup =
  | 'ssl_certificate'
  | 'securesite_ssl_certificate'
  | 'geotrust_ssl_certificate'
  | 'dv_ssl_certificate'
  | 'private_ssl_certificate'
  | 'client_certificate'
  | 'private_client_certificate'
  | 'secure_email_certificate'
  | 'code_signing_certificate'
  | 'code_signing'
  | 'document_signing_certificate'
  | 'grid_certificate'

export type ProductType =
  | 'ssl_certificate'
  | 'dv_ssl_certificate'
  | 'client_certificate'
  | 'code_signing_certificate'
  | 'document_signing_certificate'

/** What of the subject is validated before anything is issued. */
export type ProductValidation = 'dv' | 'ov' | 'ev' | 'private' | 'client' | 'smime' | 'cs' | 'ev_cs' | 'ds'

/** Whom or what the certificate is about. `robot`: a program that is a client under a host name. */
export type ProductSubject = 'server' | 'robot' | 'person' | 'mailbox' | 'organization' | 'code' | 'document'

/**
 * Which host names a product takes. `single`: one, and its `www` twin. `wildcard`: one wildcard, its base and what is
 * below it. `multi`: several without wildcards. `cloud` and `flex`: any mix; cloud is the older line, so it is
 * preferred where both fit.
 */
export type HostShape = 'single' | 'wildcard' | 'multi' | 'cloud' | 'flex'

/** Which names a product takes. `maximum` counts alternative names, a free twin among them. */
export type NamesRule =
  | { readonly of: 'hosts'; readonly shape: HostShape; readonly wildcards: boolean; readonly maximum: number }
  | { readonly of: 'emails'; readonly maximum: number }
  | { readonly of: 'nothing' }

export const signatureHashes = ['sha1', 'sha256', 'sha384', 'sha512'] as const
export type SignatureHash = (typeof signatureHashes)[number]

/**
 * Whose CAs issue it. `installation`: those of the public hierarchy, which every account shares. `account`: a CA of
 * the account's own, chosen by the order where there are several.
 */
export type ProductIssuer = 'installation' | 'account'

/** One row of the catalogue: everything that orders have to know of a product. */
export interface Product {
  /** The API's identifier, such as `ssl_basic`. */
  readonly nameId: string
  /** Display name. */
  readonly name: string
  readonly group: ProductGroup
  readonly type: ProductType
  readonly validation: ProductValidation
  readonly subject: ProductSubject
  readonly issuer: ProductIssuer
  readonly names: NamesRule
  /** `optional`: the key may come later, from the person the certificate is for. `not-taken`: it is made on a token. */
  readonly csr: 'required' | 'optional' | 'not-taken'
  /** The validation its organization needs; null: the product names no organization. */
  readonly organization: ValidationType | null
  readonly duplicates: boolean
  /** Whether its certificates are logged where the account does not say otherwise. */
  readonly certificateTransparency: boolean
  /** Years an order may last: a plan of several years is served by one certificate after the other. */
  readonly orderYears: readonly number[]
  /** Whether an order may last a number of days or end on a day of the caller's choice. */
  readonly customExpiration: boolean
  /** Whole days of the longest certificate, both ends counted, where no dated rule is shorter. */
  readonly maximumLifetimeDays: number
  /** The first is the default. */
  readonly signatureHashes: readonly [SignatureHash, ...SignatureHash[]]
  /** Set of profiles it is issued under, see choose-profile.ts. */
  readonly profiles: ProfileFamily
  /** The product that took its place; orders go on being taken. */
  readonly replacement: string | null
}

/** Profiles that differ only in what an order may choose. */
export type ProfileFamily =
  | 'tls-dv'
  | 'tls-ov'
  | 'tls-ev'
  | 'private-tls'
  | 'grid-host'
  | 'grid-robot'
  | 'client-authentication'
  | 'private-client'
  | 'smime-mailbox'
  | 'smime-organization'
  | 'smime-sponsor'
  | 'smime-signature'
  | 'code-signing'
  | 'code-signing-ev'
  | 'document-signing'
