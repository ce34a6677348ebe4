import { parseIpAddress } from '../../../pki/ip-addresses.ts'
import { type NameResult, normaliseHostName } from './host-name.ts'
import { mayCertify } from './internal-names.ts'
import type { NameRules } from './name-rules.ts'

/** RFC 3986 sets no limit; this one keeps a certificate below its own. */
const longestUri = 2048

/**
 * A uniformResourceIdentifier as given, after checks: ASCII characters that RFC 3986 allows; a scheme, and a
 * full host name or address when an authority follows (RFC 5280 section 4.2.1.6). Rules may take a URI without
 * a scheme, as TinyCert API v1 does.
 */
export function checkUri(text: string, rules: NameRules): NameResult {
  if (text === '') {
    return { defect: 'empty' }
  }
  if (text.length > longestUri) {
    return { defect: 'too-long' }
  }
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code === 0x7f) {
      return { defect: 'control-character' }
    }
    if (code > 0x7f || refused.includes(text.charAt(index))) {
      return { defect: 'uri' }
    }
  }
  const scheme = schemeLength(text)
  if (scheme === 0) {
    return rules.urisWithoutScheme ? checkSchemeless(text, rules) : { defect: 'uri' }
  }
  const rest = text.slice(scheme + 1)
  if (rest === '') {
    return { defect: 'uri' }
  }
  return rest.startsWith('//') ? checkAuthority(text, rest, rules) : { value: text }
}

/** Printable ASCII that no URI holds unescaped (RFC 3986 section 2). */
const refused = ' "<>\\^`{|}'

/** Length of the scheme before its colon (RFC 3986 section 3.1), 0 when there is none. */
function schemeLength(text: string): number {
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index).toLowerCase()
    if (character === ':') {
      return index
    }
    const letter = character >= 'a' && character <= 'z'
    const later = (character >= '0' && character <= '9') || '+-.'.includes(character)
    if (!letter && !(index > 0 && later)) {
      return 0
    }
  }
  return 0
}

/** Whatever stands behind two slashes is a host all the same. */
function checkSchemeless(text: string, rules: NameRules): NameResult {
  const slashes = text.indexOf('//')
  return slashes === -1 ? { value: text } : checkAuthority(text, text.slice(slashes), rules)
}

function checkAuthority(text: string, rest: string, rules: NameRules): NameResult {
  let end = 2
  while (end < rest.length && !'/?#'.includes(rest.charAt(end))) {
    end += 1
  }
  const authority = rest.slice(2, end)
  const host = hostOf(authority.slice(authority.lastIndexOf('@') + 1))
  if (host === undefined) {
    return { defect: 'uri' }
  }
  if (parseIpAddress(host) !== undefined) {
    return { value: text }
  }
  const name = normaliseHostName(host, { labels: rules.limits.labels, underscores: rules.underscores })
  // A relative host means another machine in every network, so RFC 5280 asks for a full name.
  if ('defect' in name || !name.value.includes('.')) {
    return { defect: 'uri' }
  }
  return mayCertify(name.value, rules) ? { value: text } : { defect: 'internal' }
}

/** The host without its port and brackets; undefined when the authority is malformed. */
function hostOf(hostAndPort: string): string | undefined {
  const bracketed = hostAndPort.startsWith('[')
  const hostEnd = bracketed ? hostAndPort.indexOf(']') : hostAndPort.indexOf(':')
  const host = bracketed
    ? hostAndPort.slice(1, Math.max(hostEnd, 1))
    : hostEnd === -1
      ? hostAndPort
      : hostAndPort.slice(0, hostEnd)
  const tail = hostEnd === -1 ? '' : hostAndPort.slice(bracketed ? hostEnd + 1 : hostEnd)
  if (host === '' || bracketed !== host.includes(':') || !isPort(tail)) {
    return undefined
  }
  return host
}

/** Nothing, or a colon and a port. */
function isPort(tail: string): boolean {
  if (tail === '') {
    return true
  }
  const digits = tail.slice(1)
  for (let index = 0; index < digits.length; index += 1) {
    if (digits.charAt(index) < '0' || digits.charAt(index) > '9') {
      return false
    }
  }
  return tail.startsWith(':') && digits.length <= 5 && Number(digits) <= 65535
}
