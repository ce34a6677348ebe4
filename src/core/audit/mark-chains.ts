import type { Engine } from '../engine.ts'
import type { ChainHead } from '../store/audit.ts'
import type { ChainMarks } from '../store/high-water.ts'
import { systemCaller } from './caller.ts'
import { anchorDetail } from './chain.ts'

/** More marks than this and those of chains at rest are covered by one event. */
const MARKS_KEPT = 32
/** Chains that one event vouches for at most. */
const CHAINS_AN_EVENT = 50
/** Chains that one run covers at most; the next run takes the rest. */
const CHAINS_A_RUN = 500

/**
 * Marks outside the database how far the audit chains got, so that rows cut off at their end are missed. Every
 * process and command has a chain of its own, so marks of chains at rest are replaced: an event vouches for them, in
 * a chain that is marked in the same step. Taking back what the dropped marks told then takes back what a kept mark
 * tells, or leaves an event that vouches for what is not there.
 *
 * @throws store faults; Error when the marks cannot be read or written
 */
export async function markChains(engine: Pick<Engine, 'clock' | 'store' | 'highWater'>): Promise<void> {
  const { store, highWater } = engine
  const { chains } = await highWater.read()
  const vouched = Object.keys(chains).length > MARKS_KEPT ? await vouchFor(engine, chains) : {}
  // After the event was stored: the chain that took it is among these, or one that vouches for it.
  const open = await store.read((view) => view.audit.openHeads())
  await highWater.raise({ chains: marksOf(open) }, vouched)
}

/**
 * Vouches for marks whose chains stand where they are marked and are anchored elsewhere, so that they have not just
 * been written to. What the marks say is what the event says, whatever else the database holds.
 */
async function vouchFor(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  marks: ChainMarks,
): Promise<ChainMarks> {
  const heads = await store.read((view) => view.audit.headsOf(Object.keys(marks)))
  const atRest = heads
    .filter((head) => {
      const mark = marks[head.chain]
      return !head.isOpen && mark?.sequence === head.sequence && mark.hash === hex(head.hash)
    })
    .slice(0, CHAINS_A_RUN)
  if (atRest.length === 0) return {}
  await store.write(function* (transaction) {
    for (let start = 0; start < atRest.length; start += CHAINS_AN_EVENT) {
      transaction.record({
        action: 'chain.anchored',
        at: clock.now(),
        actor: systemCaller.actor,
        accountId: null,
        object: 'marks',
        requestId: null,
        detail: anchorDetail(atRest.slice(start, start + CHAINS_AN_EVENT)),
      })
    }
  })
  return marksOf(atRest)
}

function marksOf(heads: readonly ChainHead[]): ChainMarks {
  return Object.fromEntries(heads.map(({ chain, sequence, hash }) => [chain, { sequence, hash: hex(hash) }]))
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('hex')
}
