import type { SignatureAlgorithm } from '../../pki/algorithms.ts'
import type { KeyKind } from '../../pki/key-kinds.ts'
import type { PassphraseParameters } from '../accounts/account.ts'
import type { AccountId, Instant, KeyId } from '../brand.ts'
import type { KeyPurpose, KeyRecord } from './key-record.ts'

/** What an envelope is bound to; opening it for anything else fails. */
export interface SealContext {
  /** Such as `account/7/tinycert-key`. */
  readonly subject: string
  readonly purpose: string
}

/** Raised when an envelope is malformed, bound to something else, or sealed under another key. */
export class SealError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SealError'
  }
}

/** Seals secrets for storage: AES-256-GCM under a fresh data key, itself wrapped. */
export interface Sealer {
  /** Fingerprint of the master key in use: 32 lower-case hex digits. */
  readonly masterKeyId: string
  /**
   * Takes the master key of that fingerprint into use when another process has put it into the key file;
   * afterwards `masterKeyId` tells which one is in use.
   */
  follow(masterKeyId: string): void
  /** Fingerprint of the wrapping key that an envelope names. @throws SealError when it is malformed */
  wrappedBy(sealed: Uint8Array): string
  /** At most 64 KiB. What is stored of it has to be guarded, see `holdMasterKey`. */
  seal(plaintext: Uint8Array, context: SealContext): Uint8Array
  /** The caller zeroes the result after use. @throws SealError */
  open(sealed: Uint8Array, context: SealContext): Uint8Array
  /** The same under a 256-bit key that the caller holds, such as an account's vault key. */
  sealUnder(wrappingKey: Uint8Array, plaintext: Uint8Array, context: SealContext): Uint8Array
  /** @throws SealError */
  openUnder(wrappingKey: Uint8Array, sealed: Uint8Array, context: SealContext): Uint8Array
  /**
   * HMAC-SHA-256 over a record's fields under a key that only the master key's holder has and that stays the
   * same when the master key changes.
   */
  integrity(context: SealContext, fields: readonly (Uint8Array | string)[]): Uint8Array
}

/** Stretches passphrases. Runs off the request loop, with a bound on how many run at once. */
export interface PassphraseKeys {
  newParameters(): PassphraseParameters
  /**
   * 256-bit key of a passphrase (its UTF-8 text); the caller zeroes it after use.
   * @throws Fault overloaded when too many derivations wait
   * @throws SealError when stored parameters are outside every sensible bound
   */
  derive(passphrase: string, parameters: PassphraseParameters): Promise<Uint8Array>
}

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
  /** At once where it takes microseconds (EC, Ed25519), on a thread where it takes milliseconds. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>
}
