/**
 * Octets of an address from its text: 4 for dotted decimal without leading zeros, 16 for RFC 4291 section
 * 2.2 (groups of 1 to 4 hexadecimal digits, at most one "::", an IPv4 tail allowed, no zone). Undefined for
 * everything else. Linear in a bounded prefix of the text.
 */
export function parseIpAddress(text: string): Uint8Array | undefined {
  if (text.length > 45) {
    return undefined
  }
  return text.includes(':') ? parseVersion6(text) : parseVersion4(text)
}

const dottedDecimal = /^(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})$/

function parseVersion4(text: string): Uint8Array | undefined {
  const octets = dottedDecimal.exec(text)?.slice(1).map(Number)
  return octets === undefined || octets.some((octet) => octet > 255) ? undefined : Uint8Array.from(octets)
}

function parseVersion6(text: string): Uint8Array | undefined {
  const halves = text.split('::')
  if (halves.length > 2) {
    return undefined
  }
  const [first = '', second] = halves
  const head = octetsOfGroups(first, second === undefined)
  const tail = second === undefined ? [] : octetsOfGroups(second, true)
  if (head === undefined || tail === undefined) {
    return undefined
  }
  const missing = 16 - head.length - tail.length
  // "::" stands for one group or more; without it all eight groups are written.
  if (second === undefined ? missing !== 0 : missing < 2) {
    return undefined
  }
  const bytes = new Uint8Array(16)
  bytes.set(head, 0)
  bytes.set(tail, 16 - tail.length)
  return bytes
}

function octetsOfGroups(text: string, mayEndInVersion4: boolean): number[] | undefined {
  if (text === '') {
    return []
  }
  const groups = text.split(':')
  const octets: number[] = []
  for (const [index, group] of groups.entries()) {
    if (group.includes('.')) {
      const version4 = mayEndInVersion4 && index === groups.length - 1 ? parseVersion4(group) : undefined
      if (version4 === undefined) {
        return undefined
      }
      octets.push(...version4)
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16)
      octets.push(value >> 8, value & 0xff)
    } else {
      return undefined
    }
  }
  return octets.length <= 16 ? octets : undefined
}

/** Canonical text: dotted decimal for 4 octets, RFC 5952 section 4 for 16; other lengths are a RangeError. */
export function formatIpAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) {
    return bytes.join('.')
  }
  if (bytes.length !== 16) {
    throw new RangeError('an address has 4 or 16 octets')
  }
  const groups: number[] = []
  for (let index = 0; index < 16; index += 2) {
    groups.push(((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0))
  }
  const { start, length } = longestZeroRun(groups)
  const hexadecimal = groups.map((group) => group.toString(16))
  // RFC 5952 section 4.2.2: a single zero group is written out.
  if (length < 2) {
    return hexadecimal.join(':')
  }
  return `${hexadecimal.slice(0, start).join(':')}::${hexadecimal.slice(start + length).join(':')}`
}

/** RFC 5952 section 4.2.3: the longest run, the first one of equals. */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 }
  let start = 0
  for (const [index, group] of groups.entries()) {
    if (group !== 0) {
      start = index + 1
    } else if (index + 1 - start > longest.length) {
      longest = { start, length: index + 1 - start }
    }
  }
  return longest
}
