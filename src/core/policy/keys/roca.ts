import type { RsaNumbers } from './rsa-numbers.ts'

/** The odd primes up to 167. */
const primes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
]

/**
 * Infineon's RSALib built primes as k * M + (65537^a mod M), M a product of the first primes (CVE-2017-15361,
 * "The Return of Coppersmith's Attack"). Modulo each of those primes the modulus is then a power of 65537; a
 * random modulus is so modulo all of them with a chance of about 2^-27.
 */
const fingerprint: readonly { readonly prime: number; readonly powers: Uint8Array }[] = primes.map(
  (prime) => ({
    prime,
    powers: powersOf65537(prime),
  }),
)

const product = primes.reduce((result, prime) => result * BigInt(prime), 1n)

/** Whether the modulus has the fingerprint (case K18). */
export function isRoca(key: RsaNumbers): boolean {
  const short = key.modulus % product
  return fingerprint.every(({ prime, powers }) => powers[Number(short % BigInt(prime))] === 1)
}

/** One octet for each residue: 1 where it is a power of 65537 modulo the prime. */
function powersOf65537(prime: number): Uint8Array {
  const powers = new Uint8Array(prime)
  for (let value = 1; powers[value] === 0; value = (value * 65537) % prime) {
    powers[value] = 1
  }
  return powers
}
