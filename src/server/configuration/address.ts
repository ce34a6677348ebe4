import { BlockList, isIP, isIPv6 } from 'node:net'

/** Where a listener binds. `host` is an IP address or a host name, without brackets. */
export interface ListenAddress {
  readonly host: string
  /** 0 to 65535; 0 asks the system for a free one. */
  readonly port: number
}

/** Reads `HOST:PORT` and `[IPV6]:PORT`; undefined when the text is neither. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const colon = text.lastIndexOf(':')
  if (colon <= 0) return undefined
  const port = text.slice(colon + 1)
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) > 65_535) return undefined
  const written = text.slice(0, colon)
  const bracketed = written.startsWith('[') && written.endsWith(']')
  const host = bracketed ? written.slice(1, -1) : written
  if (bracketed !== isIPv6(host) || !isHost(host)) return undefined
  return { host, port: Number(port) }
}

/** Where a resolver is asked. */
export interface ResolverAddress {
  /** An IP address. */
  readonly address: string
  readonly port: number
}

/** Reads an IP address, alone or with a port as a listener's; port 53 unless given. Undefined for all else. */
export function parseResolverAddress(text: string): ResolverAddress | undefined {
  if (isIP(text) !== 0) return { address: text, port: 53 }
  const { host, port } = parseListenAddress(text) ?? { host: '', port: 0 }
  return isIP(host) === 0 || port === 0 ? undefined : { address: host, port }
}

function isHost(host: string): boolean {
  return isIP(host) !== 0 || (host.length <= 253 && /^[A-Za-z0-9.-]+$/.test(host))
}

/** `host:port` as it stands in a URL: IPv6 in brackets. */
export function formatListenAddress({ host, port }: ListenAddress): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether an address or host name stays on this machine; IPv4 mapped into IPv6 counts as IPv4. */
export function isLoopback(host: string): boolean {
  const family = isIP(host)
  if (family === 0) return host.toLowerCase() === 'localhost'
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4')
}

/** Whether a listener takes connections to every address of the machine. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

/**
 * A predicate over addresses for a list of addresses and CIDR ranges.
 *
 * @throws TypeError naming the entry that is neither
 */
export function addressMatcher(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const entry of entries) addEntry(list, entry)
  return (address) => {
    const family = isIP(address)
    return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4')
  }
}

function addEntry(list: BlockList, entry: string): void {
  const slash = entry.indexOf('/')
  const address = slash < 0 ? entry : entry.slice(0, slash)
  const family = isIP(address)
  const widest = family === 6 ? 128 : 32
  const prefix = slash < 0 ? widest : Number(entry.slice(slash + 1))
  const prefixIsSound = slash < 0 || /^[0-9]{1,3}$/.test(entry.slice(slash + 1))
  if (family === 0 || !prefixIsSound || prefix > widest) throw new TypeError(entry)
  list.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4')
}
