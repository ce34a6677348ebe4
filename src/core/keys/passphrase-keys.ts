import type { PassphraseParameters } from '../accounts/account.ts'

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
