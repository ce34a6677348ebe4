import type { ChainHead } from '../store/audit.ts'
import type { HighWaterMarks } from '../store/high-water.ts'
import type { Store } from '../store/store.ts'
import { type Anchor, anchorsOf, chainOrigin, linkHash } from './chain.ts'
import type { EventRecord } from './event.ts'

/** What is wrong with a link. */
export type ChainDefect =
  /** The row is gone although later ones, the chain's head, another chain or the marks outside know it. */
  | 'removed'
  /** The row, or the one before it, is not what was hashed. */
  | 'changed'
  /** The row is there, but it is not the one that another chain or the marks outside vouch for. */
  | 'replaced'
  /** The row was added behind the chain's head. */
  | 'added'

/** The first link that does not hold. */
export interface BrokenLink {
  readonly chain: string
  /** Of the event that is missing or not as it was. */
  readonly sequence: number
  readonly defect: ChainDefect
}

export interface AuditReport {
  readonly chains: number
  readonly events: number
  /** By name of the chain and sequence; undefined when every link holds. */
  readonly firstBroken: BrokenLink | undefined
}

const EVENTS_A_PAGE = 500

/**
 * Walks every chain from its origin: each hash has to follow from the one before and the row, sequences have no
 * gap, and the chain reaches its head, every anchor in another chain, and every mark kept outside the database.
 * May run while events are written.
 *
 * @param marks those that still count: without what an operator accepted after a restore
 */
export async function verifyAudit(store: Pick<Store, 'read'>, marks: HighWaterMarks): Promise<AuditReport> {
  const heads = await store.read((view) => view.audit.heads())
  const anchors: Anchor[] = Object.entries(marks.chains).map(([chain, { sequence, hash }]) => ({
    chain,
    sequence,
    hash: Buffer.from(hash, 'hex'),
  }))
  const broken: BrokenLink[] = []
  let events = 0
  for (const head of heads) {
    const walk = await walkChain(store, head)
    events += walk.events
    anchors.push(...walk.anchors)
    if (walk.broken !== undefined) broken.push(walk.broken)
  }
  for (const anchor of anchors) {
    const defect = await findAnchorDefect(store, anchor)
    if (defect !== undefined) broken.push({ chain: anchor.chain, sequence: anchor.sequence, defect })
  }
  broken.sort((a, b) => (a.chain < b.chain ? -1 : a.chain > b.chain ? 1 : a.sequence - b.sequence))
  return { chains: heads.length, events, firstBroken: broken[0] }
}

interface Walk {
  readonly events: number
  readonly anchors: readonly Anchor[]
  readonly broken: BrokenLink | undefined
}

async function walkChain(store: Pick<Store, 'read'>, head: ChainHead): Promise<Walk> {
  const { chain } = head
  const anchors: Anchor[] = []
  let sequence = 0
  let hash = chainOrigin(chain)
  const end = (defect?: ChainDefect, at = sequence): Walk => ({
    events: sequence,
    anchors,
    broken: defect === undefined ? undefined : { chain, sequence: at, defect },
  })
  if (head.sequence === 0 && !sameOctets(head.hash, hash)) return end('changed')
  for (;;) {
    const after = sequence
    const page = await store.read((view) => view.audit.page(chain, after, EVENTS_A_PAGE))
    for (const event of page) {
      if (event.sequence !== sequence + 1) return end('removed', sequence + 1)
      const expected = linkHash(hash, event.body)
      if (!sameOctets(expected, event.hash)) return end('changed', event.sequence)
      sequence = event.sequence
      hash = expected
      if (sequence === head.sequence && !sameOctets(hash, head.hash)) return end('replaced')
      const vouched = anchorsIn(event)
      if (vouched === undefined) return end('changed')
      anchors.push(...vouched)
    }
    if (page.length < EVENTS_A_PAGE) break
  }
  if (sequence < head.sequence) return end('removed', sequence + 1)
  if (sequence > head.sequence && !(await headReached(store, chain, sequence))) {
    return end('added', head.sequence + 1)
  }
  return end()
}

/** Has the head moved on to here since it was read? Its writer appends while we walk. */
async function headReached(store: Pick<Store, 'read'>, chain: string, sequence: number): Promise<boolean> {
  const heads = await store.read((view) => view.audit.heads())
  return heads.some((head) => head.chain === chain && head.sequence >= sequence)
}

/** Anchors that an event holds; undefined when its body is not one of ours. */
function anchorsIn(event: EventRecord): readonly Anchor[] | undefined {
  let body: unknown
  try {
    body = JSON.parse(event.body)
  } catch {
    return undefined
  }
  if (!isObject(body) || !isObject(body.detail)) return undefined
  const vouches = body.action === 'process.started' || body.action === 'chain.anchored'
  return vouches ? anchorsOf(body.detail) : []
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

async function findAnchorDefect(
  store: Pick<Store, 'read'>,
  { chain, sequence, hash }: Anchor,
): Promise<ChainDefect | undefined> {
  if (sequence === 0) return undefined
  const [event] = await store.read((view) => view.audit.page(chain, sequence - 1, 1))
  if (event === undefined || event.sequence !== sequence) return 'removed'
  return sameOctets(event.hash, hash) ? undefined : 'replaced'
}

function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
