import type { Instant } from '../brand.ts'
import type { ControlEvidence, RandomValue, ValidationMethod } from '../domains/domain.ts'
import { baseOf, canProve } from './methods.ts'
import {
  type DnsAnswer,
  DnsFailure,
  type DnsFailureReason,
  HttpFailure,
  type HttpFailureReason,
  type HttpProbe,
  type HttpReply,
  type Resolver,
} from './outbound.ts'
import { authorizationLabel, fileUrl } from './published.ts'
import { isSameValue } from './random-value.ts'

/** What somebody says to control, and by what that is to show. */
export interface ControlClaim {
  /** Normal form; a wildcard with its `*.`. */
  readonly name: string
  readonly randomValue: RandomValue
  readonly now: Instant
}

/** Why nothing is proven. Holds nothing that the other side sent (case D6). */
export type ProofFailure =
  | { readonly reason: 'method-cannot-prove' | 'value-expired' }
  /** Nothing is published where the value is expected. */
  | { readonly reason: 'not-found' }
  /** Something is, and it is not the value. */
  | { readonly reason: 'mismatch' }
  | { readonly reason: 'dns'; readonly failure: DnsFailureReason }
  | { readonly reason: 'http'; readonly failure: HttpFailureReason }
  | { readonly reason: 'status'; readonly status: number }
  /** Found from here, and not from enough other places. */
  | { readonly reason: 'perspectives' }

export type ControlProof =
  | { readonly evidence: ControlEvidence; readonly failure?: undefined }
  | { readonly failure: ProofFailure; readonly evidence?: undefined }

/**
 * Looks for the value in the TXT records of the domain and of `_dnsauth` below it: one of them has to be the
 * value, whatever stands beside it (case D8, TLS Baseline Requirements 3.2.2.4.7).
 */
export function proveByDnsTxt(resolver: Resolver, claim: ControlClaim): Promise<ControlProof> {
  return proveByDns('dns-txt-token', claim, async (base, value) => {
    const places = [base, `${authorizationLabel}.${base}`]
    const answers = await Promise.allSettled(places.map((place) => resolver.resolve(place, 'TXT')))
    return { answers, isProof: (record: Uint8Array) => isSameValue(value, record) }
  })
}

export interface AliasTarget {
  /** The host name that every subscriber points at, lower case. */
  readonly target: string
  /** A label that nobody was told, of one check alone. */
  readonly decoy: string
}

/**
 * Looks for `<value>.<domain>` being an alias of the target, or `_dnsauth.<domain>` one of `<value>.<target>`. A zone
 * in which every name is such an alias, the decoy too, proves nothing by the first form: its owner did not publish the
 * value, and whoever is told any value could use it.
 */
export function proveByCname(
  resolver: Resolver,
  { target, decoy }: AliasTarget,
  claim: ControlClaim,
): Promise<ControlProof> {
  return proveByDns('dns-cname-token', claim, async (base, value) => {
    const leadsTo = async (place: string, expected: string) => {
      const answer = await resolver.resolve(place, 'CNAME')
      return { ...answer, records: answer.records.map((found) => isSameValue(expected, found)) }
    }
    const byName = async () => {
      const found = await leadsTo(`${value}.${base}`, target)
      if (!found.records.includes(true)) return found
      const { records } = await leadsTo(`${decoy}.${base}`, target)
      return { ...found, records: found.records.map((isTarget) => isTarget && !records.includes(true)) }
    }
    const byTarget = () => leadsTo(`${authorizationLabel}.${base}`, `${value}.${target}`)
    const answers = await Promise.allSettled([byName(), byTarget()])
    return { answers, isProof: (isExpected: boolean) => isExpected }
  })
}

/** Reads the file that the host of exactly this name serves; only a 2xx status counts (cases D1, D9). */
export async function proveByHttp(http: HttpProbe, port: number, claim: ControlClaim): Promise<ControlProof> {
  const refused = refusalOf('http-token', claim)
  if (refused !== undefined) return refused
  const reply = await replyOf(http, fileUrl(claim.name, port))
  if (!('body' in reply)) return { failure: reply }
  if (reply.status < 200 || reply.status > 299) {
    return { failure: { reason: 'status', status: reply.status } }
  }
  const content = Buffer.from(reply.body).toString('latin1').trim()
  if (!isSameValue(claim.randomValue.value, content)) {
    return { failure: { reason: content === '' ? 'not-found' : 'mismatch' } }
  }
  return { evidence: evidenceOf('http-token', claim, reply.addresses) }
}

async function replyOf(http: HttpProbe, url: string): Promise<HttpReply | ProofFailure> {
  try {
    return await http.get(url)
  } catch (error) {
    if (error instanceof HttpFailure) return { reason: 'http', failure: error.reason }
    throw error
  }
}

type Found<Data> = Pick<DnsAnswer<'TXT'>, 'server'> & { readonly records: readonly Data[] }

interface Search<Data> {
  readonly answers: readonly PromiseSettledResult<Found<Data>>[]
  readonly isProof: (record: Data) => boolean
}

/** One place with the value is enough; a failure at another one counts only when there is none. */
async function proveByDns<Data>(
  method: ValidationMethod,
  claim: ControlClaim,
  search: (base: string, value: string) => Promise<Search<Data>>,
): Promise<ControlProof> {
  const refused = refusalOf(method, claim)
  if (refused !== undefined) return refused
  const { answers, isProof } = await search(baseOf(claim.name), claim.randomValue.value)
  let failure: ProofFailure = { reason: 'not-found' }
  let error: unknown
  for (const answer of answers) {
    if (answer.status === 'rejected') {
      error = answer.reason
    } else if (answer.value.records.some(isProof)) {
      return { evidence: evidenceOf(method, claim, [answer.value.server]) }
    } else if (answer.value.records.length > 0) {
      failure = { reason: 'mismatch' }
    }
  }
  if (error instanceof DnsFailure) return { failure: { reason: 'dns', failure: error.reason } }
  if (error !== undefined) throw error
  return { failure }
}

function refusalOf(
  method: ValidationMethod,
  { name, randomValue, now }: ControlClaim,
): { readonly failure: ProofFailure } | undefined {
  if (!canProve(method, name)) return { failure: { reason: 'method-cannot-prove' } }
  if (now >= randomValue.expiresAt) return { failure: { reason: 'value-expired' } }
  return undefined
}

function evidenceOf(
  method: ValidationMethod,
  { name, randomValue, now }: ControlClaim,
  addresses: readonly string[],
): ControlEvidence {
  return { name: baseOf(name), method, value: randomValue.value, at: now, addresses, perspectives: [] }
}
