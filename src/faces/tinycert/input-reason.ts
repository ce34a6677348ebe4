import { Fault } from '../../core/faults.ts'

/** Why this face refuses a parameter's value. Goes into `parameter_invalid`; each has its text in every language. */
export type InputReason =
  | 'percent-encoding'
  | 'not-utf8'
  | 'nul'
  | 'brackets'
  | 'too-deep'
  | 'too-many-pairs'
  | 'repeated'
  | 'not-text'
  | 'empty'
  | 'not-an-id'
  | 'hash-method'
  | 'sha1-not-granted'
  | 'ca-item'
  | 'certificate-item'
  | 'status-flags'
  | 'status-word'
  | 'names-empty'
  | 'names-form'
  | 'name-type'
  | 'strict-path'
  | 'strict-time'
  | 'strict-nonce'
  | 'strict-nonce-used'

/** The fault for a parameter's value; `parameter` as the caller wrote it, bracketed parts included. */
export function invalid(parameter: string, reason: InputReason): Fault<'parameter_invalid'> {
  return new Fault('parameter_invalid', { parameter, reason })
}
