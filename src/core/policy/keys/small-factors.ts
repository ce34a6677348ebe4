import type { RsaNumbers } from './rsa-numbers.ts'

/**
 * The TLS Baseline Requirements section 6.1.6 ask for no factor below 752. Damaged and hand-made moduli often
 * have a somewhat larger one, and all primes below 2^16 still take well under a millisecond.
 */
const bound = 65536

/** Odd primes below the bound, ascending. */
const primes: readonly number[] = oddPrimesBelow(bound)

interface Group {
  readonly product: bigint
  readonly parts: readonly { readonly product: bigint; readonly primes: readonly number[] }[]
}

/**
 * The primes in groups whose products have about a thousand bits, each in parts of at most 48 bits: the long
 * modulus is divided once a group, the short rest once a part, and plain arithmetic does what is left.
 */
const groups: readonly Group[] = groupPrimes()

/** Whether a prime below 2^16 divides the modulus (case K21). */
export function hasSmallFactor(key: RsaNumbers): boolean {
  return (key.modulus & 1n) === 0n || groups.some((group) => dividesGroup(key.modulus, group))
}

function dividesGroup(modulus: bigint, group: Group): boolean {
  const short = modulus % group.product
  for (const part of group.parts) {
    const rest = Number(short % part.product)
    for (const prime of part.primes) {
      if (rest % prime === 0) {
        return true
      }
    }
  }
  return false
}

function groupPrimes(): Group[] {
  const parts: { product: bigint; primes: number[] }[] = []
  let members: number[] = []
  let product = 1
  for (const prime of primes) {
    if (product * prime > 2 ** 48) {
      parts.push({ product: BigInt(product), primes: members })
      members = []
      product = 1
    }
    members.push(prime)
    product *= prime
  }
  parts.push({ product: BigInt(product), primes: members })
  const result: Group[] = []
  for (let first = 0; first < parts.length; first += 21) {
    const slice = parts.slice(first, first + 21)
    result.push({ product: slice.reduce((all, part) => all * part.product, 1n), parts: slice })
  }
  return result
}

function oddPrimesBelow(limit: number): number[] {
  const composite = new Uint8Array(limit)
  const found: number[] = []
  for (let candidate = 3; candidate < limit; candidate += 2) {
    if (composite[candidate] === 0) {
      found.push(candidate)
      for (let multiple = candidate * candidate; multiple < limit; multiple += candidate) {
        composite[multiple] = 1
      }
    }
  }
  return found
}
