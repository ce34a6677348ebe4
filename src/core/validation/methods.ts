import { parseIpAddress } from '../../pki/ip-addresses.ts'
import type { ControlEvidence, EvidenceMethod } from '../domains/domain.ts'
import { isPublicSuffix } from '../policy/names/internal-names.ts'

/** What can be asked to be proven, relative to the name where the proof was found. */
export type NameForm =
  /** The very host name. */
  | 'host'
  /** `*.` before it. */
  | 'wildcard'
  /** A host name below it. */
  | 'child'
  /** An IP address. */
  | 'address'

/**
 * Which method proves which name form; nothing else decides it. A file is served by one host and says nothing
 * of others (cases D9 and D10, TLS Baseline Requirements 3.2.2.4.18); whoever changes a zone, or answers for
 * the domain by mail, commands all names below (3.2.2.4.4, 3.2.2.4.7).
 */
const proves: Readonly<Record<EvidenceMethod, ReadonlySet<NameForm>>> = {
  email: new Set(['host', 'wildcard', 'child']),
  'dns-txt-token': new Set(['host', 'wildcard', 'child']),
  'dns-cname-token': new Set(['host', 'wildcard', 'child']),
  'http-token': new Set(['host', 'address']),
  operator: new Set(['host', 'wildcard', 'child', 'address']),
}

/** A name without the `*.` of a wildcard: where its proof is looked for. */
export function baseOf(name: string): string {
  return name.startsWith('*.') ? name.slice(2) : name
}

/**
 * Whether a method can prove a name that is asked for itself.
 *
 * @param name normal form: host name, wildcard or IP address
 */
export function canProve(method: EvidenceMethod, name: string): boolean {
  return proves[method].has(formOf(name))
}

/**
 * Whether a proof that was found for one name holds for another: for itself, its wildcard, names below it. Below a
 * public suffix everybody else has names, so that one proves nothing but itself (case N11).
 */
export function covers(
  { name: proven, method }: Pick<ControlEvidence, 'name' | 'method'>,
  name: string,
): boolean {
  if (name === proven) return canProve(method, name)
  if (isPublicSuffix(proven)) return false
  const base = baseOf(name)
  if (base === proven) return canProve(method, name)
  const isBelow = base.endsWith(`.${proven}`) && parseIpAddress(base) === undefined
  return isBelow && proves[method].has('child') && canProve(method, name)
}

function formOf(name: string): NameForm {
  if (name.startsWith('*.')) return 'wildcard'
  return parseIpAddress(name) === undefined ? 'host' : 'address'
}
