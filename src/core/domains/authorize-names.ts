import type { Strictness } from '../authorities/authority.ts'
import type { AccountId, Instant } from '../brand.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { isUsableProof, usableEvidence } from '../validation/usable-evidence.ts'
import type { ControlEvidence } from './domain.ts'
import { domainsAround } from './find-domains.ts'

export interface NamesWish {
  readonly accountId: AccountId
  /** Host names, wildcards and addresses in normal form. */
  readonly names: readonly string[]
  /** That of the issuing CA. */
  readonly strictness: Strictness
  /** Proofs made for the order itself. */
  readonly evidence: readonly ControlEvidence[]
  readonly now: Instant
}

/** Which names are without proof, and what the others rest on. */
export interface NamesAuthority {
  readonly missing: readonly string[]
  readonly basis: readonly { readonly name: string; readonly evidence: ControlEvidence }[]
}

/**
 * Whether control over each name is proven, by the order or by a domain of the account, as the rules of the day ask
 * (cases D9 to D12). A private hierarchy is trusted by its own account alone and asks for no proof.
 */
export function* authorizeNames(view: Pick<View, 'collection'>, wish: NamesWish): Program<NamesAuthority> {
  const { accountId, names, strictness, now } = wish
  if (strictness === 'private-tls') return { missing: [], basis: [] }
  const around = yield* domainsAround(view, accountId, names)
  const missing: string[] = []
  const basis: { name: string; evidence: ControlEvidence }[] = []
  for (const name of names) {
    const asked = { accountId, name, strictness, now }
    const evidence = newest([
      ...wish.evidence.filter((each) => isUsableProof(each, asked)),
      ...around.flatMap((domain) => usableEvidence(domain, asked) ?? []),
    ])
    if (evidence === undefined) missing.push(name)
    else basis.push({ name, evidence })
  }
  return { missing, basis }
}

function newest(found: readonly ControlEvidence[]): ControlEvidence | undefined {
  return found.reduce<ControlEvidence | undefined>(
    (best, each) => (best === undefined || each.at > best.at ? each : best),
    undefined,
  )
}
