import { type NameResult, normaliseHostName } from './host-name.ts'
import { mayCertify } from './internal-names.ts'
import type { NameRules } from './name-rules.ts'

/**
 * The normal form of a dNSName: a host name, or `*.` before one (RFC 6125 section 6.4.3). Cases N1 to N7, N9
 * and N10.
 */
export function normaliseDnsName(text: string, rules: NameRules): NameResult {
  const wildcard = text.startsWith('*.')
  const labels = wildcard ? rules.limits.labels - 1 : rules.limits.labels
  const base = normaliseHostName(wildcard ? text.slice(2) : text, { labels, underscores: rules.underscores })
  if ('defect' in base) {
    // What follows "*." is empty: that is a bare wildcard, not an empty name.
    return wildcard && base.defect === 'empty' ? { defect: 'wildcard' } : base
  }
  if (wildcard && base.value.length + 2 > 253) {
    return { defect: 'too-long' }
  }
  if (!mayCertify(base.value, rules)) {
    return { defect: 'internal' }
  }
  return { value: wildcard ? `*.${base.value}` : base.value }
}
