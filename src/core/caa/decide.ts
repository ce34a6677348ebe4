import type { ValidationMethod } from '../domains/domain.ts'
import type { CaaRecord } from '../validation/outbound.ts'
import { isSameValue } from '../validation/random-value.ts'
import { type IssueValue, parseIssueValue } from './issue-value.ts'

/** Who wants to issue what to whom. */
export interface CaaWish {
  /** Domain names by which records authorise this CA, lower case. */
  readonly identities: readonly string[]
  /** URIs of the account that asks, compared octet by octet (RFC 8657 section 3). */
  readonly accountUris: readonly string[]
  /** The account's token of a domain lock; null where it has none. */
  readonly accountToken: string | null
  /** The domain is locked: only a property with the account's token authorises. Default false. */
  readonly isLocked?: boolean
  /** The method that proved control; null where none is known, which no validationmethods parameter allows. */
  readonly method: ValidationMethod | null
}

export type CaaRefusal =
  /** A critical property that is not understood (case D15). */
  | 'unknown-critical'
  /** No property names this CA. */
  | 'issuer'
  /** One names it, for another account or another method (case D17). */
  | 'account'
  | 'method'
  /** Nobody knows what the records say (case D16). */
  | 'lookup'
  /** Perspectives disagree (case D18). */
  | 'perspectives'

/**
 * Labels of validationmethods (RFC 8657 section 4). Ours are no ACME methods, so that they carry the prefix that
 * is reserved for a CA's own.
 */
export const methodLabels: Readonly<Record<ValidationMethod, string>> = {
  email: 'ca-email',
  'dns-txt-token': 'ca-dns-txt-token',
  'dns-cname-token': 'ca-dns-cname-token',
  'http-token': 'ca-http-token',
}

/** Tags whose meaning is known; all but the first two say nothing of who may issue for a host. */
const understood: ReadonlySet<string> = new Set([
  ...['issue', 'issuewild', 'iodef', 'contactemail', 'contactphone', 'issuemail'],
])
const issuerCritical = 128

/** What a Relevant RRset says of one name. */
export interface CaaDecision {
  /** Undefined: issuance is permitted. */
  readonly refusal: CaaRefusal | undefined
  /** Whether a property names this CA and permits issuance, rather than nothing forbidding it. */
  readonly isNamed: boolean
}

/**
 * Whether a Relevant RRset lets this CA issue (RFC 8659 section 4).
 *
 * @param records may be empty: then everybody may
 */
export function decideCaa(records: readonly CaaRecord[], isWildcard: boolean, wish: CaaWish): CaaDecision {
  const isKnown = ({ tag }: CaaRecord) => understood.has(tag.toLowerCase())
  if (records.some((record) => (record.flags & issuerCritical) !== 0 && !isKnown(record))) {
    return { refusal: 'unknown-critical', isNamed: false }
  }
  const properties = propertiesFor(records, isWildcard)
  if (properties.length === 0) return { refusal: undefined, isNamed: false }
  let refusal: CaaRefusal = 'issuer'
  for (const property of properties) {
    const found = refusalByProperty(parseIssueValue(property.value), wish)
    if (found === undefined) return { refusal: undefined, isNamed: true }
    if (found !== 'issuer') refusal = found
  }
  return { refusal, isNamed: false }
}

/** RFC 8659 section 4.3: for a wildcard issuewild, where there is any, takes the place of issue (case D14). */
function propertiesFor(records: readonly CaaRecord[], isWildcard: boolean): readonly CaaRecord[] {
  const of = (wanted: string) => records.filter(({ tag }) => tag.toLowerCase() === wanted)
  const wild = isWildcard ? of('issuewild') : []
  return wild.length > 0 ? wild : of('issue')
}

function refusalByProperty(property: IssueValue | undefined, wish: CaaWish): CaaRefusal | undefined {
  if (property?.issuer === undefined || !wish.identities.includes(property.issuer)) return 'issuer'
  const values = (wanted: string) =>
    property.parameters.filter(({ tag }) => tag === wanted).map(({ value }) => value)
  // RFC 8657 sections 3 and 4: given twice, a parameter is satisfied by nobody; so is one that is empty.
  const isSatisfied = (given: readonly string[], by: (value: string) => boolean) =>
    given.length === 0 || (given.length === 1 && given.every(by))
  const label = wish.method === null ? undefined : methodLabels[wish.method]
  if (!isSatisfied(values('accounturi'), (uri) => wish.accountUris.includes(uri))) return 'account'
  const tokens = values('account')
  if (wish.isLocked === true && tokens.length === 0) return 'account'
  if (!isSatisfied(tokens, (token) => isToken(wish.accountToken, token))) return 'account'
  if (
    !isSatisfied(
      values('validationmethods'),
      (list) => label !== undefined && list.split(',').includes(label),
    )
  ) {
    return 'method'
  }
  return undefined
}

function isToken(expected: string | null, given: string): boolean {
  return expected !== null && isSameValue(expected, given)
}
