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
 * Whether a proof may be relied on for a name: it covers the name, it is not older than the rules of the day allow,
 * and its method still counts (cases D10 and D11).
 */
export function isUsableProof(evidence: ControlEvidence, wish: Omit<EvidenceWish, 'accountId'>): boolean {
  const { name, strictness, now, configuredReuseDays } = wish
  if (!covers(evidence, name) || !isMethodOpen(evidence.method, strictness, now)) return false
  // A proof from the future tells of a clock that was put back: its age is not known.
  return evidence.at <= now && now < usableUntil(evidence, strictness, now, configuredReuseDays)
}

/**
 * A domain's proof of control, if it may be relied on: it belongs to the account that asks, and the domain was not
 * deactivated (case D12). Whether the account itself is active is for whoever lets it in.
 */
export function usableEvidence(
  { accountId, isActive, evidence }: Pick<Domain, 'accountId' | 'isActive' | 'evidence'>,
  wish: EvidenceWish,
): ControlEvidence | undefined {
  if (evidence === null || !isActive || accountId !== wish.accountId) return undefined
  return isUsableProof(evidence, wish) ? evidence : undefined
}
