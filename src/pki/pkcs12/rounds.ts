import { PkiError } from '../errors.ts'

/**
 * Rounds of key derivation that one file may cost in all: its counts come with it and buy computing time. Twice what is
 * recommended for one derivation with PBKDF2 and SHA-256, about half a second.
 */
export const MOST_ROUNDS = 1_200_000

/** What is left of the rounds of one file. */
export class Rounds {
  #left = MOST_ROUNDS

  /** Raises PkiError `structure_invalid` for less than one, `pkcs12_rounds_too_many`. */
  spend(iterations: number): number {
    if (iterations < 1) throw new PkiError('structure_invalid', { structure: 'pfx', field: 'iterations' })
    this.#left -= iterations
    if (this.#left < 0) throw new PkiError('pkcs12_rounds_too_many', { maximum: MOST_ROUNDS })
    return iterations
  }
}
