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
