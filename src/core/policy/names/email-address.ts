import { type NameResult, normaliseHostName } from './host-name.ts'
import { mayCertify } from './internal-names.ts'
import type { NameRules } from './name-rules.ts'

/** RFC 5321 section 4.5.3.1.1. */
const longestLocalPart = 64
/** RFC 5280 appendix A.1: ub-emailaddress-length. */
const longestAddress = 255

/** Characters of an atom beside letters and digits (RFC 5322 section 3.2.3). */
const atomSymbols = "!#$%&'*+-/=?^_`{|}~"

/**
 * The normal form of an rfc822Name: a Mailbox of RFC 5321 in dot-atom form, the domain in lower case and
 * A-labels, the local part as given because only its host knows whether case matters. Quoted local parts and
 * address literals are refused.
 */
export function normaliseEmailAddress(text: string, rules: NameRules): NameResult {
  if (text === '') {
    return { defect: 'empty' }
  }
  if (text.length > longestAddress) {
    return { defect: 'too-long' }
  }
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
      return { defect: 'control-character' }
    }
  }
  const at = text.lastIndexOf('@')
  if (at <= 0 || at > longestLocalPart || !isDotAtom(text.slice(0, at))) {
    return { defect: 'email' }
  }
  const domain = normaliseHostName(text.slice(at + 1), { labels: rules.limits.labels, underscores: false })
  if ('defect' in domain) {
    return { defect: 'email' }
  }
  if (!mayCertify(domain.value, rules)) {
    return { defect: 'internal' }
  }
  const value = `${text.slice(0, at)}@${domain.value}`
  return value.length > longestAddress ? { defect: 'too-long' } : { value }
}

function isDotAtom(localPart: string): boolean {
  let atAtomStart = true
  for (const character of localPart) {
    if (character === '.') {
      if (atAtomStart) {
        return false
      }
      atAtomStart = true
    } else if (isAtomCharacter(character)) {
      atAtomStart = false
    } else {
      return false
    }
  }
  return !atAtomStart
}

function isAtomCharacter(character: string): boolean {
  return (
    (character >= 'a' && character <= 'z') ||
    (character >= 'A' && character <= 'Z') ||
    (character >= '0' && character <= '9') ||
    atomSymbols.includes(character)
  )
}
