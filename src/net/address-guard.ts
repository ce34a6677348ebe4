import { networkInterfaces } from 'node:os'
import {
  type AddressRange,
  isInRange,
  isSpecialPurpose,
  parseAddressRange,
} from '../core/policy/names/address-ranges.ts'
import { parseIpAddress } from '../pki/ip-addresses.ts'

/** Whether an address, 4 or 16 octets, may be called at a port. */
export type AddressGuard = (address: Uint8Array, port: number) => boolean

export interface GuardOptions {
  /** Addresses and ranges that may be called although they are special-purpose: `10.0.0.0/8`. */
  readonly allowed: readonly string[]
  /** Addresses of this machine, read for every call; default: those of its network interfaces. */
  readonly ownAddresses?: () => readonly string[]
  /** Where this program listens itself: never called, whatever is allowed. Default: nowhere. */
  readonly ownListeners?: readonly OwnListener[]
}

export interface OwnListener {
  /** An IP address, unspecified for every address of the machine, or a name that stands for a loopback address. */
  readonly host: string
  readonly port: number
}

/**
 * Unspecified, multicast, broadcast, and what carries an IPv4 address in another notation: nothing is ever
 * reached by these that is not better reached by another.
 */
const never: readonly AddressRange[] = [
  ...['0.0.0.0/8', '224.0.0.0/4', '255.255.255.255'],
  ...['::/128', '::ffff:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', 'ff00::/8'],
].map(parseAddressRange)

/**
 * Loopback, link-local and the metadata services of hosting providers. A wide range that happens to hold them
 * does not open them.
 */
const onlyByName: readonly AddressRange[] = [
  ...['127.0.0.0/8', '169.254.0.0/16', '100.100.100.200', '192.0.0.192', '168.63.129.16'],
  ...['::1', 'fe80::/10', 'fd00:ec2::254', 'fd20:ce::254'],
].map(parseAddressRange)

/**
 * Which addresses may be called (case D3): those on the public Internet, and the special-purpose ones that are
 * allowed, except that loopback, link-local and metadata addresses need an entry within their own range and an
 * address of this machine needs one of its own.
 *
 * @throws RangeError for an entry that is no address or range
 */
export function addressGuard({
  allowed,
  ownAddresses = interfaceAddresses,
  ownListeners = [],
}: GuardOptions): AddressGuard {
  const entries = allowed.map(parseAddressRange)
  return (address, port) => {
    const listening = ownListeners.filter((listener) => listener.port === port)
    if (listening.some(({ host }) => isListener(address, host, ownAddresses()))) return false
    if (never.some((range) => isInRange(address, range))) return false
    const covering = entries.filter((entry) => isInRange(address, entry))
    const closed = onlyByName.find((range) => isInRange(address, range))
    if (closed !== undefined) return covering.some((entry) => isWithin(entry, closed))
    if (isOwn(address, ownAddresses())) return covering.some(isSingle)
    return covering.length > 0 || !isSpecialPurpose(address)
  }
}

function isWithin(inner: AddressRange, outer: AddressRange): boolean {
  return inner.prefixBits >= outer.prefixBits && isInRange(inner.address, outer)
}

function isSingle({ address, prefixBits }: AddressRange): boolean {
  return prefixBits === address.length * 8
}

/** What is bound to one address is called by that one; a name or an unspecified address is every one we have. */
function isListener(address: Uint8Array, host: string, own: readonly string[]): boolean {
  const bound = parseIpAddress(host)
  if (bound?.some((octet) => octet !== 0) === true) return Buffer.compare(bound, address) === 0
  return isOwn(address, own) || onlyByName.some((range) => isInRange(address, range))
}

function isOwn(address: Uint8Array, own: readonly string[]): boolean {
  return own.some((text) => {
    const parsed = parseIpAddress(text)
    return parsed !== undefined && Buffer.compare(parsed, address) === 0
  })
}

function interfaceAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((found = []) => found.map(({ address }) => address))
}
