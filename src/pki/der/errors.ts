/** What is wrong with a DER encoding; one code per rule, so that refusals can be told apart. */
export type DerErrorCode =
  | 'truncated'
  | 'indefinite_length'
  | 'length_invalid'
  | 'length_not_minimal'
  | 'trailing_bytes'
  | 'unexpected_tag'
  | 'high_tag'
  | 'tag_form_invalid'
  | 'boolean_not_canonical'
  | 'integer_not_minimal'
  | 'integer_too_long'
  | 'bit_string_invalid'
  | 'oid_invalid'
  | 'oid_too_long'
  | 'null_invalid'
  | 'time_invalid'
  | 'string_invalid'
  | 'too_deep'
  | 'too_many_nodes'
  | 'value_out_of_range'

/** Raised by everything that reads DER. `offset` counts octets from the start of the buffer being read. */
export class DerError extends Error {
  readonly code: DerErrorCode
  readonly offset: number

  constructor(code: DerErrorCode, offset: number) {
    super(`${code} at offset ${offset}`)
    this.name = 'DerError'
    this.code = code
    this.offset = offset
  }
}
