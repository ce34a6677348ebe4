import { Fault } from '../faults.ts'

const mostOctets = 254
const mostLocalOctets = 64

/**
 * An account's address in lower case. It goes into certificates as rfc822Name, which is ASCII (RFC 5280 section
 * 4.2.1.6): only plain dot-atoms before the `@` and a host name behind it are taken.
 * @throws Fault parameter_invalid
 */
export function parseEmailAddress(text: string): string {
  const email = text.toLowerCase()
  if (!isEmailAddress(email)) {
    throw new Fault('parameter_invalid', { parameter: 'email', reason: 'not an email address' })
  }
  return email
}

/** Whether a text is such an address, in either letter case. */
export function isEmailAddress(address: string): boolean {
  const text = address.toLowerCase()
  if (text.length > mostOctets) return false
  const at = text.indexOf('@')
  if (at < 1 || at > mostLocalOctets || text.includes('@', at + 1)) return false
  return areParts(text.slice(0, at), isAtom) && areParts(text.slice(at + 1), isLabel)
}

function areParts(text: string, isPart: (part: string) => boolean): boolean {
  return text.split('.').every(isPart)
}

/** RFC 5322 section 3.2.3, lower case. */
const atomCharacters = new Set("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~")

function isAtom(part: string): boolean {
  return part !== '' && [...part].every((character) => atomCharacters.has(character))
}

/** RFC 5321 section 4.1.2, RFC 1035 section 2.3.4. */
function isLabel(part: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(part)
}
