import { type SignatureAlgorithm, signatureAlgorithms } from './algorithms.ts'
import { placeBytes } from './der/placement.ts'
import { DerReader } from './der/reader.ts'
import { BIT_STRING, SEQUENCE } from './der/tags.ts'
import { headerLength, writeHeader } from './der/writer.ts'

/** The shape that certificates and CRLs share: RFC 5280 sections 4.1.1 and 5.1.1. All are views of the input. */
export interface SignedObject {
  /** The element that is signed, whole. */
  readonly toBeSignedDer: Uint8Array
  /** AlgorithmIdentifier, whole. */
  readonly signatureAlgorithmDer: Uint8Array
  readonly signature: Uint8Array
}

/**
 * SEQUENCE of signed bytes, algorithm and signature, in one allocation.
 *
 * @param signature the octets of the BIT STRING, for ECDSA the DER of r and s.
 */
export function assembleSigned(
  toBeSignedDer: Uint8Array,
  signatureAlgorithm: SignatureAlgorithm,
  signature: Uint8Array,
): Uint8Array {
  const { identifierDer } = signatureAlgorithms[signatureAlgorithm]
  const bitStringLength = signature.length + 1
  const length = toBeSignedDer.length + identifierDer.length + headerLength(bitStringLength) + bitStringLength
  const output = new Uint8Array(headerLength(length) + length)
  let position = writeHeader(output, 0, SEQUENCE, length)
  position = placeBytes(output, position, toBeSignedDer)
  position = placeBytes(output, position, identifierDer)
  // A signature has whole octets: the number of unused bits, next, stays 0.
  position = writeHeader(output, position, BIT_STRING, bitStringLength) + 1
  output.set(signature, position)
  return output
}

/** Splits a SEQUENCE that spans `der`; looks into nothing. Raises DerError. */
export function parseSigned(der: Uint8Array): SignedObject {
  const fields = DerReader.ofSequence(der)
  const toBeSignedDer = fields.raw(SEQUENCE)
  const signatureAlgorithmDer = fields.raw(SEQUENCE)
  const signature = fields.bitStringOctets()
  fields.end()
  return { toBeSignedDer, signatureAlgorithmDer, signature }
}
