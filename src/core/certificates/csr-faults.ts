import { DerError } from '../../pki/der/errors.ts'
import { type AnyPkiError, isPkiError } from '../../pki/errors.ts'
import { Fault } from '../faults.ts'

/**
 * Runs what reads a request and turns what it refuses into the fault that tells the caller. Errors of other kinds
 * pass: they are ours.
 */
export function readingRequest<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (error instanceof DerError) {
      throw new Fault(
        'csr_malformed',
        { reason: `not DER: ${error.code} at octet ${error.offset}` },
        { cause: error },
      )
    }
    if (isPkiError(error)) throw faultOf(error)
    throw error
  }
}

function faultOf(error: AnyPkiError): Fault {
  const cause = { cause: error }
  switch (error.code) {
    case 'not_a_certification_request':
      return new Fault('csr_not_a_request', { received: error.detail.received }, cause)
    case 'signature_algorithm_weak':
      return new Fault('csr_algorithm_refused', { algorithm: error.detail.digest }, cause)
    case 'signature_algorithm_unsupported':
    case 'signature_algorithm_parameters_invalid':
      return new Fault('csr_algorithm_refused', { algorithm: error.detail.oid }, cause)
    case 'signature_algorithm_mismatch':
      return new Fault('csr_algorithm_refused', { algorithm: error.detail.algorithm }, cause)
    case 'extension_unknown_critical':
      return new Fault('csr_extension_refused', { extension: error.detail.oid }, cause)
    case 'key_unsupported': {
      const received = error.detail.name ?? error.detail.oid
      return new Fault('key_type_refused', { received, allowed: [] }, cause)
    }
    case 'ec_parameters_explicit':
      return new Fault('key_weak', { weakness: 'explicit-curve' }, cause)
    case 'ec_point_invalid':
    case 'ec_point_not_on_curve':
      return new Fault('key_weak', { weakness: 'point' }, cause)
    case 'key_too_large':
      return new Fault('key_size_refused', { bits: error.detail.bits, allowed: [2048, 3072, 4096] }, cause)
    case 'key_invalid':
    case 'key_parameters_invalid':
      return new Fault('csr_malformed', { reason: 'the public key is malformed' }, cause)
    default:
      return new Fault('csr_malformed', { reason: describe(error) }, cause)
  }
}

/** The code in words, and where in the request it is; no text of the input. */
function describe(error: AnyPkiError): string {
  const words = error.code.replaceAll('_', ' ')
  const { detail } = error
  if ('field' in detail) return `${words}: ${detail.field}`
  if ('oid' in detail && detail.oid !== undefined) return `${words}: ${detail.oid}`
  return words
}
