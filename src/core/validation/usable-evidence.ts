import type { Strictness } from '../authorities/authority.ts'
import type { AccountId, Instant } from '../brand.ts'
import type { ControlEvidence, Domain } from '../domains/domain.ts'
import { isMethodOpen, usableUntil } from './dated-rules.ts'
import { covers } from './methods.ts'

/** For whom and what a stored proof is wanted. */
export interface EvidenceWish {
  readonly accountId: AccountId
  /** Normal form; a wildcard with its `*.`. */
  readonly name: string
  readonly strictness: Strictness
  readonly now: Instant
  /** The operator's limit for using proofs again; undefined: none but that of public TLS. */
  readonly configuredReuseDays?: number | undefined
}

/**
 * A domain's proof of control, if it may be relied on: it belongs to the account that asks, the domain was not
 * deactivated, it covers the name, it is not older than the rules of the day allow, and its method still
 * counts (cases D10 to D12). Whether the account itself is active is for whoever lets it in.
 */
export function usableEvidence(
  domain: Pick<Domain, 'accountId' | 'isActive' | 'evidence'>,
  wish: EvidenceWish,
): ControlEvidence | undefined {
  const { evidence } = domain
  const { name, strictness, now, configuredReuseDays } = wish
  if (evidence === null || !domain.isActive || domain.accountId !== wish.accountId) return undefined
  if (!covers(evidence, name) || !isMethodOpen(evidence.method, strictness, now)) return undefined
  // A proof from the future tells of a clock that was put back: its age is not known.
  const isOfAge = evidence.at <= now && now < usableUntil(evidence, strictness, now, configuredReuseDays)
  return isOfAge ? evidence : undefined
}
