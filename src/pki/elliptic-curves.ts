import { oids } from './oids.ts'

/** A prime curve y^2 = x^3 - 3x + b (SEC 2 / FIPS 186-4), as far as checking a point needs it. */
export interface Curve {
  readonly oid: string
  readonly name: 'P-256' | 'P-384' | 'P-521'
  /** Octets of one coordinate. */
  readonly coordinateOctets: number
  readonly bits: number
  readonly prime: bigint
  readonly b: bigint
}

const curves: ReadonlyMap<string, Curve> = new Map(
  [
    {
      oid: oids.secp256r1,
      name: 'P-256' as const,
      coordinateOctets: 32,
      bits: 256,
      prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
      b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    },
    {
      oid: oids.secp384r1,
      name: 'P-384' as const,
      coordinateOctets: 48,
      bits: 384,
      prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
      b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    },
    {
      oid: oids.secp521r1,
      name: 'P-521' as const,
      coordinateOctets: 66,
      bits: 521,
      prime: 2n ** 521n - 1n,
      b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    },
  ].map((curve) => [curve.oid, Object.freeze(curve)]),
)

/** The curve with this object identifier when it is one that keys can have here. */
export function findCurve(oid: string): Curve | undefined {
  return curves.get(oid)
}

/** Names of curves that are refused, for messages that say so. */
const otherCurveNames: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10045.3.1.1', 'P-192'],
  ['1.3.132.0.33', 'P-224'],
  ['1.3.132.0.10', 'secp256k1'],
  ['1.3.36.3.3.2.8.1.1.7', 'brainpoolP256r1'],
  ['1.3.36.3.3.2.8.1.1.11', 'brainpoolP384r1'],
  ['1.3.36.3.3.2.8.1.1.13', 'brainpoolP512r1'],
])

/** Display name of a named curve, supported or not; undefined for curves nobody here has heard of. */
export function curveNameOf(oid: string): string | undefined {
  return curves.get(oid)?.name ?? otherCurveNames.get(oid)
}

/**
 * Whether `point` is a point of the curve in uncompressed form: 0x04, then x and y (SEC 1 section 2.3.3).
 * The point at infinity and the compressed and hybrid forms have other first octets and lengths.
 */
export function isUncompressed(curve: Curve, point: Uint8Array): boolean {
  return point.length === 1 + 2 * curve.coordinateOctets && point[0] === 0x04
}

/** SEC 1 section 3.2.2.1 for an uncompressed point: both coordinates below the prime, equation holds. */
export function isOnCurve(curve: Curve, point: Uint8Array): boolean {
  const x = unsigned(point.subarray(1, 1 + curve.coordinateOctets))
  const y = unsigned(point.subarray(1 + curve.coordinateOctets))
  const { prime, b } = curve
  return x < prime && y < prime && (y * y - (x * x * x - 3n * x + b)) % prime === 0n
}

function unsigned(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`)
}
