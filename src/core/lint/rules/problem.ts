import { DerError } from '../../../pki/der/errors.ts'
import { isPkiError } from '../../../pki/errors.ts'

/** What the strict parser says about bytes it refuses; undefined when it takes them. */
export function problemOf(parse: () => unknown): string | undefined {
  try {
    parse()
    return undefined
  } catch (error) {
    if (error instanceof DerError || isPkiError(error)) {
      return error.message
    }
    throw error
  }
}
