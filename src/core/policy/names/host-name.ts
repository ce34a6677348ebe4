import { toASCII, toUnicode } from 'tr46'
import type { NameDefect } from '../../faults.ts'

/** A name in the one form used everywhere, or what is wrong with it. */
export type NameResult = { readonly value: string } | { readonly defect: NameDefect }

const longestName = 253
const longestLabel = 63

export interface HostNameRules {
  readonly labels: number
  readonly underscores: boolean
}

/**
 * The normal form of a host name without wildcard: lower case, A-labels only. A name with U-labels is
 * converted as UTS 46 tells (nontransitional), which browsers do too; that is the only conversion. Everything
 * else is refused rather than repaired (cases N1 to N7). Linear in at most 253 characters.
 */
export function normaliseHostName(text: string, rules: HostNameRules): NameResult {
  if (text === '') {
    return { defect: 'empty' }
  }
  // A U-label is never longer than its A-label by more than marks that combine, so nothing longer can fit.
  if (text.length > longestName) {
    return { defect: 'too-long' }
  }
  const ascii = toAsciiLowerCase(text)
  if (typeof ascii !== 'string') {
    return ascii
  }
  return ascii.length > longestName ? { defect: 'too-long' } : checkLabels(ascii, rules)
}

function toAsciiLowerCase(text: string): string | { readonly defect: NameDefect } {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
      return { defect: 'control-character' }
    }
    if (code >= 0xa0) {
      return convertUnicode(text)
    }
  }
  return text.toLowerCase()
}

const strictUnicode = {
  checkBidi: true,
  checkHyphens: true,
  checkJoiners: true,
  transitionalProcessing: false,
} as const

function convertUnicode(text: string): string | { readonly defect: NameDefect } {
  // Mapping turns other full stops into ".": what was one label would become two after it was looked at.
  if (text.includes('\u3002') || text.includes('\uff0e') || text.includes('\uff61')) {
    return { defect: 'character' }
  }
  return toASCII(text, { ...strictUnicode, useSTD3ASCIIRules: true }) ?? { defect: 'character' }
}

function checkLabels(name: string, rules: HostNameRules): NameResult {
  if (name.endsWith('.')) {
    return { defect: name === '.' ? 'empty-label' : 'trailing-dot' }
  }
  const labels = name.split('.')
  if (labels.length > rules.labels) {
    return { defect: 'too-many-labels' }
  }
  for (const label of labels) {
    const defect = labelDefect(label, rules.underscores)
    if (defect !== undefined) {
      return { defect }
    }
  }
  return looksLikeAddress(labels) ? { defect: 'address-as-name' } : { value: name }
}

/** RFC 1123 section 2.1 and RFC 5890 section 2.3.1, on lower-case ASCII. */
function labelDefect(label: string, underscores: boolean): NameDefect | undefined {
  if (label === '') {
    return 'empty-label'
  }
  for (let index = 0; index < label.length; index += 1) {
    const defect = characterDefect(label.charCodeAt(index), underscores)
    if (defect !== undefined) {
      return defect
    }
  }
  if (label.length > longestLabel) {
    return 'label-too-long'
  }
  if (label.startsWith('-') || label.endsWith('-')) {
    return 'hyphen'
  }
  if (label.startsWith('--', 2)) {
    return label.startsWith('xn') ? (isALabel(label) ? undefined : 'punycode') : 'reserved-label'
  }
  return undefined
}

function characterDefect(code: number, underscores: boolean): NameDefect | undefined {
  const letter = code >= 0x61 && code <= 0x7a
  const digit = code >= 0x30 && code <= 0x39
  if (letter || digit || code === 0x2d) {
    return undefined
  }
  switch (code) {
    case 0x2a:
      return 'wildcard'
    case 0x3a:
      return 'address-as-name'
    case 0x5f:
      return underscores ? undefined : 'underscore'
    default:
      return 'character'
  }
}

/** Whether the label decodes to valid Unicode in form C that encodes to the same label again (case N4). */
export function isALabel(label: string): boolean {
  const { domain, error } = toUnicode(label, { ...strictUnicode, useSTD3ASCIIRules: true })
  return !error && domain !== label && toASCII(domain, strictUnicode) === label
}

/**
 * Resolvers read a name whose last label is a number as an address, in decimal, octal or hexadecimal
 * (WHATWG URL section 3.5), so such a name is none (case N7).
 */
function looksLikeAddress(labels: readonly string[]): boolean {
  const last = labels.at(-1) ?? ''
  const digits = last.startsWith('0x') ? last.slice(2) : last
  const highest = last.startsWith('0x') ? 0x66 : 0x39
  for (let index = 0; index < digits.length; index += 1) {
    const code = digits.charCodeAt(index)
    if (code < 0x30 || code > highest || (code > 0x39 && code < 0x61)) {
      return false
    }
  }
  return true
}
