import { parse } from 'tldts'
import type { NameRules } from './name-rules.ts'

/**
 * Names of the special-use registry (RFC 6761) that the public suffix list knows as suffixes although nobody
 * can own a name below them in the public DNS.
 */
const specialUseSuffixes: readonly string[] = ['arpa', 'onion']

const listOptions = {
  allowPrivateDomains: false,
  extractHostname: false,
  validateHostname: false,
  detectIp: false,
  mixedInputs: false,
} as const

/**
 * Whether a name has no owner in the public DNS: a single label, a top-level domain that the root zone does not
 * have, or a special-use domain such as `.local`, `.internal` or `.home.arpa` (case N9). A public suffix by
 * itself has a registry but no owner and counts as internal too. Expects a normalised name.
 */
export function isInternalName(name: string): boolean {
  const { publicSuffix, isIcann } = parse(name, listOptions)
  if (isIcann !== true || publicSuffix === name || publicSuffix === null) {
    return true
  }
  return specialUseSuffixes.includes(name.slice(name.lastIndexOf('.') + 1))
}

/** Whether a normalised name is one of the suffixes or lies below one. */
export function isBelowSuffix(name: string, suffixes: readonly string[]): boolean {
  return suffixes.some(
    (suffix) =>
      name === suffix ||
      (name.length > suffix.length && name.endsWith(suffix) && name[name.length - suffix.length - 1] === '.'),
  )
}

/** Whether a normalised host name is public, or internal below a suffix that the CA was given. */
export function mayCertify(name: string, rules: Pick<NameRules, 'internalSuffixes'>): boolean {
  if (rules.internalSuffixes === 'any') {
    return true
  }
  return isBelowSuffix(name, rules.internalSuffixes) || !isInternalName(name)
}

/**
 * Whether names are registered for anybody directly below this one: `com`, `co.uk`, and a top-level domain that the
 * list does not know.
 */
export function isPublicSuffix(name: string): boolean {
  return parse(name, listOptions).publicSuffix === name
}

/**
 * The name one label below its public suffix, which one owner registered: `shop.example.com` has `example.com`. A name
 * that has none, such as an internal one, is its own.
 */
export function registrableDomain(name: string): string {
  return parse(name, listOptions).domain ?? name
}
