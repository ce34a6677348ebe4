import type { SignatureAlgorithm } from '../../pki/algorithms.ts'
import type { KeyKind } from '../../pki/key-kinds.ts'
import type { AccountId, Instant, KeyId } from '../brand.ts'
import type { KeyPurpose, KeyRecord } from './key-record.ts'

/** Where private keys are made, opened and used. */
export interface KeyService {
  /**
   * Makes a key pair sealed under the master key, or under `vaultKey` when it is given, and checks that it
   * signs what its public half verifies. RSA on a thread. The record is not stored yet: see `insertKey`.
   */
  generate(request: {
    readonly kind: KeyKind
    readonly purpose: KeyPurpose
    readonly accountId: AccountId
    readonly vaultKey?: Uint8Array
    readonly now: Instant
  }): Promise<KeyRecord>
  /**
   * Seals a key pair that was made elsewhere under the master key, once it has signed what its public half verifies.
   * The record is not stored yet.
   * @returns undefined for a key of a kind that nothing here uses, or that does not sign
   */
  adopt(request: {
    /** PKCS#8 DER; the caller zeroes it. */
    readonly privateKeyDer: Uint8Array
    readonly purpose: KeyPurpose
    readonly accountId: AccountId
    readonly now: Instant
  }): Promise<KeyRecord | undefined>
  /**
   * A signer over a sealed key. Master-wrapped: cheap after the first time. With `vaultKey`: opened for this
   * signer alone.
   * @throws SealError when the record cannot be opened
   */
  signer(record: KeyRecord, algorithm: SignatureAlgorithm, vaultKey?: Uint8Array): Signer
  /** PKCS#8 DER of a sealed key; the caller zeroes it after use. @throws SealError */
  exportPrivateKey(record: KeyRecord, vaultKey?: Uint8Array): Uint8Array
  /** Forgets an opened key. */
  forget(id: KeyId): void
}

/** Signs with one key and one algorithm. */
export interface Signer {
  readonly algorithm: SignatureAlgorithm
  /** At once where it takes microseconds (EC, Ed25519), on a thread where it takes milliseconds, as for a large CRL. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>
}
