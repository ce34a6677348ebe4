import { parseIpAddress } from '../../../pki/ip-addresses.ts'

/** A block of addresses of one family. */
export interface AddressRange {
  /** 4 or 16 octets. */
  readonly address: Uint8Array
  readonly prefixBits: number
}

/**
 * Reads `10.0.0.0/8` or `fc00::/7`; an address alone is a range of one.
 *
 * @throws RangeError
 */
export function parseAddressRange(text: string): AddressRange {
  const slash = text.indexOf('/')
  const address = parseIpAddress(slash === -1 ? text : text.slice(0, slash))
  if (address === undefined) {
    throw new RangeError(`not an address range: ${text}`)
  }
  const bits = address.length * 8
  const digits = slash === -1 ? String(bits) : text.slice(slash + 1)
  const prefixBits = digits.length > 0 && digits.length <= 3 ? Number(digits) : Number.NaN
  if (!Number.isInteger(prefixBits) || String(prefixBits) !== digits || prefixBits < 0 || prefixBits > bits) {
    throw new RangeError(`not an address range: ${text}`)
  }
  return { address, prefixBits }
}

/** Whether the address, 4 or 16 octets, lies in the range; families never match each other. */
export function isInRange(address: Uint8Array, range: AddressRange): boolean {
  if (address.length !== range.address.length) {
    return false
  }
  const whole = range.prefixBits >> 3
  for (let index = 0; index < whole; index += 1) {
    if (address[index] !== range.address[index]) {
      return false
    }
  }
  const rest = range.prefixBits & 7
  const mask = (0xff00 >> rest) & 0xff
  return rest === 0 || (((address[whole] ?? 0) ^ (range.address[whole] ?? 0)) & mask) === 0
}

/** IANA IPv4 Special-Purpose Address Registry (RFC 6890), and multicast, which has a registry of its own. */
const specialPurpose4: readonly AddressRange[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map(parseAddressRange)

/**
 * IANA IPv6 Special-Purpose Address Registry, the address space that RFC 4291 sets aside, and what carries an
 * IPv4 address inside and so would slip past the table above.
 */
const specialPurpose6: readonly AddressRange[] = [
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '100:0:0:1::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
].map(parseAddressRange)

/** Whether no host on the public Internet is reached by this address (case N8). 4 or 16 octets. */
export function isSpecialPurpose(address: Uint8Array): boolean {
  const ranges = address.length === 4 ? specialPurpose4 : specialPurpose6
  return ranges.some((range) => isInRange(address, range))
}
