import type { Random } from '../environment.ts'

/** Keeps the number positive and its length fixed, so that no drawing has to be repeated. */
const firstOctet = 0x4c
const randomOctets = 15

/** Contents octets of a new serialNumber INTEGER: a fixed first octet, then 120 random bits (case V6). */
export function newSerialNumber(random: Random): Uint8Array {
  const serialNumber = new Uint8Array(1 + randomOctets)
  serialNumber[0] = firstOctet
  serialNumber.set(random.bytes(randomOctets), 1)
  return serialNumber
}
