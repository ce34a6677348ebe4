import type { NameConstraints } from '../../../pki/extensions/name-constraints.ts'
import type { AuthorityGrants } from '../../authorities/authority.ts'
import type { AlternativeNameType, LeafProfile } from '../../profiles/profile.ts'
import { type AddressRange, parseAddressRange } from './address-ranges.ts'

/** How much names may cost to judge; a product or an operator may set other limits. */
export interface NameLimits {
  /** Alternative names of one certificate. */
  readonly alternativeNames: number
  /** Labels of one dNSName, a leading `*` among them. */
  readonly labels: number
}

export const defaultNameLimits: NameLimits = { alternativeNames: 100, labels: 10 }

/** What names a CA may certify under a profile, in the form the checks want. */
export interface NameRules {
  readonly types: readonly AlternativeNameType[]
  /** Attribute types (dotted OIDs) of a directoryName, in the order they are written. */
  readonly directoryAttributes: readonly string[]
  /** Whether a certificate without alternative names is refused. */
  readonly required: boolean
  readonly urisWithoutScheme: boolean
  readonly underscores: boolean
  readonly limits: NameLimits
  /** DNS suffixes in lower case whose internal names are allowed; `any`: every one. */
  readonly internalSuffixes: readonly string[] | 'any'
  /** Special-purpose addresses that are allowed; `any`: every one. */
  readonly specialAddresses: readonly AddressRange[] | 'any'
  /** Constraints of the issuing CA's certificate and of those above it. */
  readonly constraints: readonly NameConstraints[]
}

/**
 * The rules for leaves of one CA. Computed once per CA and profile.
 *
 * @throws RangeError when a grant is no address range, which a stored CA never has
 */
export function nameRules(
  profile: LeafProfile,
  grants: AuthorityGrants,
  constraints: readonly NameConstraints[] = [],
  limits: NameLimits = defaultNameLimits,
): NameRules {
  const suffixes = grants.internalNames ?? []
  const ranges = grants.privateAddresses ?? []
  return {
    types: profile.alternativeNames.types,
    directoryAttributes: profile.subjectAttributes,
    required: profile.alternativeNames.required,
    urisWithoutScheme: profile.alternativeNames.urisWithoutScheme,
    underscores: grants.underscores === true,
    limits,
    internalSuffixes: suffixes.includes('*') ? 'any' : suffixes.map((suffix) => suffix.toLowerCase()),
    specialAddresses: ranges.includes('*') ? 'any' : ranges.map(parseAddressRange),
    constraints,
  }
}
