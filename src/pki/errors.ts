import type { StringEncoding } from './der/strings.ts'

/** The objects whose structure this layer reads. */
export type PkiStructure =
  | 'algorithmIdentifier'
  | 'certificate'
  | 'certificateList'
  | 'certificationRequest'
  | 'encryptedPrivateKeyInfo'
  | 'extension'
  | 'generalName'
  | 'name'
  | 'ocspRequest'
  | 'ocspResponse'
  | 'pfx'
  | 'privateKeyInfo'
  | 'signature'
  | 'subjectPublicKeyInfo'

/** What a body held in place of a certification request. */
export type ReceivedObject =
  | 'certificate'
  | 'certificate revocation list'
  | 'encrypted private key'
  | 'pkcs7'
  | 'pkcs12'
  | 'private key'
  | 'public key'
  | 'unknown'

/** What keeps well-encoded bytes from being a value of the extension's type. */
export type ExtensionDefect =
  | 'contradictory'
  | 'default_encoded'
  | 'empty'
  | 'incomplete'
  | 'out_of_range'
  | 'unsupported'

/**
 * Everything this layer refuses beyond the encoding itself, each code with the facts it carries. Encodings
 * that are not strict DER raise DerError instead. Texts taken from the input never stand in the facts,
 * except object identifiers, whose length is bounded.
 */
export interface PkiErrorDetails {
  /** `field` is the ASN.1 name of the component that is missing, surplus or out of its bounds. */
  structure_invalid: { readonly structure: PkiStructure; readonly field: string }
  /** `version` is the encoded number, not the name: v1 of a request is 0. */
  version_unsupported: { readonly structure: PkiStructure; readonly version: number | undefined }

  input_empty: Record<string, never>
  base64_invalid: Record<string, never>
  pem_unterminated: Record<string, never>
  not_a_certification_request: { readonly received: ReceivedObject }
  several_certification_requests: { readonly count: number }

  attribute_duplicate: { readonly oid: string }
  attribute_invalid: { readonly oid: string }
  extension_duplicate: { readonly oid: string }
  extension_malformed: { readonly oid: string; readonly defect: ExtensionDefect }
  extension_unknown_critical: { readonly oid: string }
  extensions_empty: Record<string, never>

  /** MD2, MD4, MD5 or SHA-1; `digest` is that name. */
  signature_algorithm_weak: { readonly oid: string; readonly digest: string }
  signature_algorithm_unsupported: { readonly oid: string }
  /** A known algorithm with parameters other than its fixed encoding. */
  signature_algorithm_parameters_invalid: { readonly oid: string }
  /** The field inside the signed bytes and the one beside the signature are not the same octets. */
  signature_algorithms_differ: { readonly structure: PkiStructure }
  signature_algorithm_mismatch: { readonly algorithm: string; readonly keyType: string }

  key_unsupported: { readonly oid: string; readonly name: string | undefined }
  key_parameters_invalid: { readonly oid: string }
  key_invalid: { readonly type: 'rsa' | 'ec' | 'ed25519' | 'ml-dsa' }
  key_too_large: { readonly bits: number; readonly maximumBits: number }
  ec_parameters_explicit: Record<string, never>
  ec_point_invalid: { readonly curve: string }
  ec_point_not_on_curve: { readonly curve: string }
  private_key_invalid: Record<string, never>
  private_key_passphrase_wrong: Record<string, never>

  /** The form of content or the algorithm that a PKCS#12 file has, and that is not read. */
  pkcs12_unsupported: { readonly oid: string }
  pkcs12_rounds_too_many: { readonly maximum: number }
  pkcs12_password_wrong: Record<string, never>

  /** A string in a name holds NUL or another control character. */
  control_character: { readonly structure: 'name' | 'generalName'; readonly oid: string | undefined }
  string_alphabet_invalid: { readonly oid: string | undefined; readonly encoding: StringEncoding }
  ip_address_length_invalid: { readonly octets: number }

  ocsp_nonce_length_invalid: { readonly octets: number }
  ocsp_requests_too_many: { readonly maximum: number }
  ocsp_extension_critical_unknown: { readonly oid: string }
}

export type PkiErrorCode = keyof PkiErrorDetails

/** A well-encoded object that is refused, as a code to switch over and its facts. */
export class PkiError<C extends PkiErrorCode = PkiErrorCode> extends Error {
  readonly code: C
  readonly detail: PkiErrorDetails[C]

  constructor(code: C, detail: PkiErrorDetails[C], options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(detail)}`, options)
    this.name = 'PkiError'
    this.code = code
    this.detail = detail
  }
}

/** The union over all codes: comparing `code` narrows `detail`. */
export type AnyPkiError = { [C in PkiErrorCode]: PkiError<C> }[PkiErrorCode]

export function isPkiError(error: unknown): error is AnyPkiError {
  return error instanceof PkiError
}
