import { integerSquareRoot, type RsaNumbers } from './rsa-numbers.ts'

const rounds = 100

/** Squares modulo 64: three of four differences fail here without touching a long number. */
const squaresModulo64 = residues(64)
const sieve = 45045
/** Squares modulo 45045 = 63 * 65 * 11: of those that are left, one of sixty passes. */
const squaresModuloSieve = residues(sieve)
const sieveLong = BigInt(sieve)

/**
 * Whether Fermat's method factors the modulus within 100 rounds, as it does when the primes lie close
 * together (case K20; TLS Baseline Requirements section 6.1.1.3). Looks for a above the root of the modulus
 * n with a^2 - n a square b^2, which gives n = (a - b)(a + b).
 */
export function isFermatWeak(key: RsaNumbers): boolean {
  const root = integerSquareRoot(key.modulus)
  let a = root * root === key.modulus ? root : root + 1n
  let difference = a * a - key.modulus
  for (let round = 0; round < rounds; round += 1) {
    if (isSquare(difference)) {
      return true
    }
    difference += 2n * a + 1n
    a += 1n
  }
  return false
}

function isSquare(value: bigint): boolean {
  if (squaresModulo64[Number(BigInt.asUintN(6, value))] === 0) {
    return false
  }
  if (squaresModuloSieve[Number(value % sieveLong)] === 0) {
    return false
  }
  const root = integerSquareRoot(value)
  return root * root === value
}

function residues(modulus: number): Uint8Array {
  const found = new Uint8Array(modulus)
  for (let value = 0; value < modulus; value += 1) {
    found[(value * value) % modulus] = 1
  }
  return found
}
