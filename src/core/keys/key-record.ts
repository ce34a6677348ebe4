import type { KeyKind } from '../../pki/key-kinds.ts'
import type { AccountId, Instant, KeyId } from '../brand.ts'

/** A public key serves one role; the purpose is sealed into the envelope and checked on opening. */
export type KeyPurpose = 'authority' | 'ocsp-responder' | 'tls-server' | 'subscriber'

/** A private key as stored: never usable from a copy of the database. */
export interface KeyRecord {
  readonly id: KeyId
  readonly accountId: AccountId
  readonly kind: KeyKind
  readonly purpose: KeyPurpose
  /** `master`: the master key opens it. `vault`: the account's vault key does, which needs the passphrase. */
  readonly wrapping: 'master' | 'vault'
  /** DER of the subjectPublicKeyInfo. */
  readonly spkiDer: Uint8Array
  /** PKCS#8 in a versioned AES-256-GCM envelope bound to id, purpose and kind. */
  readonly sealed: Uint8Array
  readonly createdAt: Instant
}
