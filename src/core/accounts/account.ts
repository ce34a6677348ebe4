import type { AccountId, Instant } from '../brand.ts'
import type { OwnLimits } from '../limits/limits.ts'

/** What an operator granted to one account beyond the defaults. Every change is an audited event. */
export interface AccountSettings extends OwnLimits {
  /** Key kind of CAs and certificates made at the TinyCert face. Default `rsa-2048`. */
  readonly tinycertKey?: 'rsa-2048' | 'p-256'
  /** CAs that sign with SHA-1 may be made at the TinyCert face. Default false. */
  readonly sha1?: boolean
  /**
   * Calls at the TinyCert face are taken only with `path`, `time` and `nonce` signed into them, so that none can be
   * replayed or sent elsewhere. Default false: no existing client sends them.
   */
  readonly tinycertStrict?: boolean
}

/**
 * The argon2id parameters a passphrase was stretched with, kept beside the result so that they can be
 * raised for new passphrases. Memory in KiB; salt of 16 octets or more.
 */
export interface PassphraseParameters {
  readonly algorithm: 'argon2id'
  readonly memoryKiB: number
  readonly passes: number
  readonly lanes: number
  readonly salt: Uint8Array
}

/**
 * A tenant, as stored. `vaultKeySealed` is a random 256-bit key sealed under the passphrase; the account's
 * subscriber keys are sealed under that key, so changing the passphrase rewraps one value.
 * `tinycertKeySealed` is sealed under the master key, because checking a signed call needs it in clear.
 * `integrity` is a MAC over all other fields: a row changed behind our back is refused.
 */
export interface AccountRecord {
  readonly id: AccountId
  /** Lower-cased address, unique. */
  readonly email: string
  readonly name: string
  readonly status: 'active' | 'disabled'
  readonly settings: AccountSettings
  readonly passphraseParameters: PassphraseParameters
  readonly vaultKeySealed: Uint8Array
  readonly tinycertKeySealed: Uint8Array
  readonly createdAt: Instant
  readonly integrity: Uint8Array
}

/** A live TinyCert session. The token itself is not stored, so the wrapped secrets cannot be opened from here. */
export interface SessionRecord {
  /** SHA-256 of the token's text. */
  readonly tokenDigest: Uint8Array
  readonly accountId: AccountId
  /** Passphrase and vault key, sealed under a key derived from the token. */
  readonly secretsSealed: Uint8Array
  readonly createdAt: Instant
  readonly lastUsedAt: Instant
}

export const apiKeyRoles = ['administrator', 'standard', 'limited', 'finance', 'manager'] as const
export type ApiKeyRole = (typeof apiKeyRoles)[number]
export type ApiKeyRestriction = 'orders' | 'orders-domains-organizations' | 'view' | 'users'

/** An API key of the CertCentral and ONE faces: shown once, kept as a digest. */
export interface ApiKeyRecord {
  /** Integer below 2^31, unique in the store: what the faces call a key. */
  readonly id: number
  /** First part of the key: 26 lower-case hex digits; the first two mark production (`01`) or sandbox (`02`). */
  readonly publicId: string
  readonly accountId: AccountId
  /** Whose key it is; null in an account that has no users yet, see `ensureTenant`. */
  readonly userId: number | null
  readonly name: string
  /** SHA-256 of the whole key text. */
  readonly digest: Uint8Array
  /** What the key may do at most; what its user may bounds it too. */
  readonly role: ApiKeyRole
  readonly restriction: ApiKeyRestriction | null
  /** Last UTC day the key works, `YYYY-MM-DD`, or null for no end. */
  readonly endDate: string | null
  readonly createdAt: Instant
  readonly revokedAt: Instant | null
  /** To the minute. */
  readonly lastUsedAt: Instant | null
}
