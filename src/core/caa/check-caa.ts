import type { Instant } from '../brand.ts'
import type { DnsFailureReason } from '../validation/outbound.ts'
import { corroborate, type Perspective, type Perspectives } from '../validation/perspectives.ts'
import { type CaaRefusal, type CaaWish, decideCaa } from './decide.ts'
import { findRelevantSet } from './relevant-set.ts'

/** A finding is looked up again after 8 hours, however long its records live (case D13). */
const longestUseMs = 8 * 3_600_000
/** Names looked up at a time. */
const mostAtOnce = 8

/** What CAA says of one name at one time, for one wish. Kept with the certificate. */
export interface CaaFinding {
  /** Normal form; a wildcard with its `*.`. */
  readonly name: string
  /** Undefined: issuance is permitted. */
  readonly refusal: CaaRefusal | undefined
  /** Whether a property names this CA and permits issuance, rather than nothing forbidding it. */
  readonly isNamed: boolean
  /** The name whose records decided, or could not be read; null where there are none at all. */
  readonly domain: string | null
  /** Why nobody knows, where the refusal is `lookup`. */
  readonly failure: DnsFailureReason | undefined
  readonly at: Instant
  /** Whole seconds the answers may be used again. */
  readonly ttlSeconds: number
  /** Perspectives that permit issuance. */
  readonly perspectives: readonly string[]
}

export interface CaaCheck extends CaaWish {
  readonly perspectives: Perspectives
  /** Unlike that of every other check: answers of one never count for another. */
  readonly attempt: string
  readonly now: Instant
  /** Default: as many remote perspectives as public TLS allows. */
  readonly mostDissent?: number | undefined
}

/** Whether a finding may be relied on now: not older than its records live, nor than 8 hours. */
export function isFresh({ at, ttlSeconds }: Pick<CaaFinding, 'at' | 'ttlSeconds'>, now: Instant): boolean {
  const age = now - at
  return age >= 0 && age <= Math.min(longestUseMs, ttlSeconds * 1000)
}

/**
 * Looks up every name by itself, from every perspective, and tells what is found of each, in the order given.
 * Nothing is taken from an earlier check; whoever keeps findings asks `isFresh` of them.
 *
 * @param names host names and wildcards; CAA says nothing of IP addresses
 */
export async function checkCaa(names: readonly string[], check: CaaCheck): Promise<readonly CaaFinding[]> {
  const findings: CaaFinding[] = []
  for (let start = 0; start < names.length; start += mostAtOnce) {
    const batch = names.slice(start, start + mostAtOnce)
    findings.push(...(await Promise.all(batch.map((name) => checkName(name, check)))))
  }
  return findings
}

async function checkName(name: string, check: CaaCheck): Promise<CaaFinding> {
  const { perspectives, attempt, mostDissent } = check
  const ask = (perspective: Perspective) => askPerspective(perspective, name, check)
  const agrees = (finding: CaaFinding) => finding.refusal === undefined
  const corroborated = await corroborate(perspectives, { attempt, mostDissent }, ask, agrees)
  const { result, isCorroborated, agreeing } = corroborated
  const refusal = isCorroborated ? undefined : (result.refusal ?? 'perspectives')
  return { ...result, refusal, perspectives: agreeing }
}

async function askPerspective(
  { resolver }: Perspective,
  name: string,
  { now: at, ...wish }: CaaCheck,
): Promise<CaaFinding> {
  const found = await findRelevantSet(resolver, name)
  const common = { name, domain: found.domain, at, perspectives: [] }
  if ('failure' in found) {
    return { ...common, refusal: 'lookup', isNamed: false, failure: found.failure, ttlSeconds: 0 }
  }
  const decision = decideCaa(found.records, name.startsWith('*.'), wish)
  return { ...common, ...decision, failure: undefined, ttlSeconds: found.ttlSeconds }
}
