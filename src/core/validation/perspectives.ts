import type { HttpProbe, Resolver } from './outbound.ts'

/** A place on the network from which names are looked up and files read. */
export interface Perspective {
  readonly name: string
  readonly resolver: Resolver
  readonly http: HttpProbe
}

/** The own perspective, whose word is necessary, and the remote ones that corroborate it. */
export interface Perspectives {
  readonly primary: Perspective
  readonly remotes: readonly Perspective[]
}

/** What one remote perspective saw in one attempt. */
export interface Corroboration {
  /** The attempt that it was asked in. */
  readonly attempt: string
  readonly perspective: string
  readonly agrees: boolean
}

export interface QuorumRule {
  /** The attempt that is decided. What was seen in others does not count. */
  readonly attempt: string
  /** Names of the remote perspectives that were asked. */
  readonly remotes: readonly string[]
  /** How many of them may dissent or stay silent; default: as many as public TLS allows. */
  readonly mostDissent?: number | undefined
}

/** TLS Baseline Requirements 3.2.2.9: one of two to five remote perspectives may dissent, two of more. */
export function permittedDissent(remotes: number): number {
  if (remotes < 2) return 0
  return remotes <= 5 ? 1 : 2
}

/** Whether enough remote perspectives agree (case D18). A missing answer counts against, as does a doubtful one. */
export function hasQuorum(
  { attempt, remotes, mostDissent = permittedDissent(remotes.length) }: QuorumRule,
  seen: readonly Corroboration[],
): boolean {
  const dissent = remotes.filter((remote) => {
    const words = seen.filter((word) => word.attempt === attempt && word.perspective === remote)
    return words.length === 0 || words.some(({ agrees }) => !agrees)
  })
  return dissent.length <= mostDissent
}

/** What the primary perspective found, and which remote ones found the same. */
export interface Corroborated<Result> {
  readonly result: Result
  readonly isCorroborated: boolean
  /** Names of those that agree, the primary one first if it does. */
  readonly agreeing: readonly string[]
}

/**
 * Asks every perspective of this process at once. A remote one that fails has not agreed; a failure of the
 * primary one is the caller's.
 *
 * @param agrees whether a result says yes
 */
export async function corroborate<Result>(
  { primary, remotes }: Perspectives,
  rule: Omit<QuorumRule, 'remotes'>,
  ask: (perspective: Perspective) => Promise<Result>,
  agrees: (result: Result) => boolean,
): Promise<Corroborated<Result>> {
  const [own, ...others] = await Promise.allSettled([primary, ...remotes].map(ask))
  if (own === undefined || own.status === 'rejected') throw own?.reason
  const seen = remotes.map(({ name }, index): Corroboration => {
    const other = others[index]
    const hasAgreed = other?.status === 'fulfilled' && agrees(other.value)
    return { attempt: rule.attempt, perspective: name, agrees: hasAgreed }
  })
  const hasAgreed = agrees(own.value)
  return {
    result: own.value,
    isCorroborated: hasAgreed && hasQuorum({ ...rule, remotes: remotes.map(({ name }) => name) }, seen),
    agreeing: [
      ...(hasAgreed ? [primary.name] : []),
      ...seen.filter((word) => word.agrees).map((word) => word.perspective),
    ],
  }
}
