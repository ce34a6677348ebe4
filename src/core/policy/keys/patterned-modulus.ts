import type { RsaNumbers } from './rsa-numbers.ts'

/**
 * Periods in bits at which the modulus is laid out in rows. Polynomial primes show at the word size of the
 * generator, primes next to a repeated pattern at the length of the pattern.
 */
const periods = [8, 16, 32, 64, 128, 256]

/** A sound modulus is refused with a chance below 2^-this at each period. */
const certaintyBits = 100

/**
 * Whether the bits of the modulus follow a pattern that random primes do not make: too few or too many ones,
 * a long run of equal bits, or columns that are equal in every row of some period. That is how moduli look
 * whose primes are polynomials in a power of two, stand next to a repeated pattern, or come from a broken
 * generator; such primes are found with lattice or polynomial factoring.
 */
export function isPatterned(key: RsaNumbers): boolean {
  const bytes = key.modulusBytes
  return isUnbalanced(bytes) || hasLongRun(bytes) || periods.some((period) => hasFixedColumns(bytes, period))
}

/** Eight standard deviations from half of the bits: a chance of 1 in 10^15. */
function isUnbalanced(bytes: Uint8Array): boolean {
  let ones = 0
  for (const octet of bytes) {
    ones += bitCount(octet)
  }
  const bits = bytes.length * 8
  return Math.abs(ones - bits / 2) > 4 * Math.sqrt(bits)
}

/** Twelve octets in a row that are all zeros or all ones: a chance below 2^-80. */
function hasLongRun(bytes: Uint8Array): boolean {
  let run = 0
  let previous = -1
  for (const octet of bytes) {
    run = octet === previous && (octet === 0x00 || octet === 0xff) ? run + 1 : 1
    if (run >= 12) {
      return true
    }
    previous = octet
  }
  return false
}

/** Rows are counted from the low end; the top row is left out because key generators set its first bits. */
function hasFixedColumns(bytes: Uint8Array, period: number): boolean {
  const width = period / 8
  const rows = Math.floor(bytes.length / width) - 1
  if (rows < 3) {
    return false
  }
  let fixed = 0
  for (let column = 0; column < width; column += 1) {
    let everyOne = 0xff
    let anyOne = 0
    for (let row = 0; row < rows; row += 1) {
      const octet = bytes[bytes.length - 1 - column - row * width] ?? 0
      everyOne &= octet
      anyOne |= octet
    }
    fixed += bitCount(everyOne) + bitCount(~anyOne & 0xff)
  }
  // `fixed` columns agree with a chance of 2^-(fixed * (rows - 1)), for each of the ways to choose them.
  const choices = Math.min(period, fixed * Math.log2(period))
  return fixed * (rows - 1) - choices >= certaintyBits
}

function bitCount(octet: number): number {
  let count = 0
  for (let rest = octet; rest !== 0; rest &= rest - 1) {
    count += 1
  }
  return count
}
