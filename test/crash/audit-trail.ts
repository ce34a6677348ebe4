import assert from 'node:assert/strict'
import { chainOrigin, linkHash } from '../../src/core/audit/chain.ts'
import type { Event } from '../../src/core/audit/event.ts'
import type { Store } from '../../src/core/store/store.ts'

const EVENTS_A_PAGE = 1_000

/** Walks the audit chains as they grow, every link once. */
export class AuditTrail {
  readonly #heads = new Map<string, { readonly sequence: number; readonly hash: Uint8Array }>()

  /** Events told since the last call, chain by chain, each in its order; fails at a broken link. */
  async read(store: Store): Promise<readonly Event[]> {
    const events: Event[] = []
    for (const head of await store.read((view) => view.audit.heads())) {
      const { chain } = head
      let { sequence, hash } = this.#heads.get(chain) ?? { sequence: 0, hash: chainOrigin(chain) }
      while (sequence < head.sequence) {
        const after = sequence
        const page = await store.read((view) => view.audit.page(chain, after, EVENTS_A_PAGE))
        assert.notEqual(page.length, 0, `events of ${chain} are missing after ${after}`)
        for (const event of page) {
          assert.equal(event.sequence, sequence + 1, `an event of ${chain} is missing`)
          hash = linkHash(hash, event.body)
          assert.deepEqual(Buffer.from(event.hash), Buffer.from(hash), `${chain} breaks at ${event.sequence}`)
          sequence = event.sequence
          events.push(JSON.parse(event.body))
        }
      }
      assert.deepEqual(Buffer.from(head.hash), Buffer.from(hash), `the head of ${chain} is another`)
      this.#heads.set(chain, { sequence, hash })
    }
    return events
  }
}
