import { baseOf } from '../validation/methods.ts'
import { type CaaRecord, DnsFailure, type DnsFailureReason, type Resolver } from '../validation/outbound.ts'

/** The records that decide for a name, and where they were found. */
export interface RelevantSet {
  /** Empty where neither the name nor any above it has CAA records. */
  readonly records: readonly CaaRecord[]
  /** The name that has them; null where none has. */
  readonly domain: string | null
  /** The least time to live of all answers on the way up: any of them may change the outcome. */
  readonly ttlSeconds: number
}

export type CaaLookup = RelevantSet | { readonly failure: DnsFailureReason; readonly domain: string }

/**
 * Climbs from a name towards the root to the first that has CAA records (RFC 8659 section 3). Aliases are
 * followed by the resolver, their targets' parents are not climbed. The root itself is not asked. A lookup that
 * fails ends the climb: whether there are records is then not known (case D16).
 *
 * @param name normal form; of a wildcard the part below the asterisk is asked for
 */
export async function findRelevantSet(resolver: Resolver, name: string): Promise<CaaLookup> {
  let ttlSeconds = Number.POSITIVE_INFINITY
  for (let domain = baseOf(name); domain !== ''; domain = parentOf(domain)) {
    try {
      const answer = await resolver.resolve(domain, 'CAA')
      ttlSeconds = Math.min(ttlSeconds, answer.ttlSeconds)
      if (answer.records.length > 0) return { records: answer.records, domain, ttlSeconds }
    } catch (error) {
      if (error instanceof DnsFailure) return { failure: error.reason, domain }
      throw error
    }
  }
  return { records: [], domain: null, ttlSeconds }
}

function parentOf(domain: string): string {
  const dot = domain.indexOf('.')
  return dot < 0 ? '' : domain.slice(dot + 1)
}
