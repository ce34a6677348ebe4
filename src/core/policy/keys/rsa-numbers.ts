import type { RsaPublicKeyInfo } from '../../../pki/spki.ts'

/** The numbers of an RSA key whose size is already known to be allowed, so that arithmetic on them is bounded. */
export interface RsaNumbers {
  readonly modulus: bigint
  /** Bits of the modulus. */
  readonly bits: number
  readonly exponent: bigint
  /** Unsigned big-endian, no leading zero octets. */
  readonly modulusBytes: Uint8Array
}

export function rsaNumbers(key: RsaPublicKeyInfo): RsaNumbers {
  return {
    modulus: unsigned(key.modulus),
    bits: key.bits,
    exponent: unsigned(key.exponent),
    modulusBytes: withoutLeadingZeros(key.modulus),
  }
}

/** Unsigned big-endian octets as a number. */
export function unsigned(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}

export function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  let first = 0
  while (first < bytes.length && bytes[first] === 0) {
    first += 1
  }
  return bytes.subarray(first)
}

/** Largest whole number whose square is not above `value`, which must not be negative. */
export function integerSquareRoot(value: bigint): bigint {
  if (value < 2n) {
    return value
  }
  // A power of two at or above the root: Newton's iteration then falls until it stands on the root.
  const bits = value.toString(16).length * 4
  let root = 1n << BigInt((bits + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) {
      return root
    }
    root = next
  }
}
