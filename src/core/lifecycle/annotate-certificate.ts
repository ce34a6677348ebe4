import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { type InventoryCertificate, inventory } from './inventory.ts'

const mostAtOnce = 1_000
/** What one certificate can carry. */
export const MOST_TAGS = 50

/** What is said about certificates, as a function of what was said before. */
export type Annotation = Partial<Pick<InventoryCertificate, 'tags' | 'ownerIds'>>

/**
 * Changes what is said about certificates, all of them or none.
 * @param ids of the inventory, at most 1000
 * @throws Fault certificate_unknown when one of them is not there; parameter_invalid (`tags`) for too many
 */
export function annotateCertificates(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  { account }: Pick<Member, 'account'>,
  ids: readonly number[],
  annotate: (item: InventoryCertificate) => Annotation,
  caller: Caller,
): Promise<void> {
  // In one order everywhere, so that two of them never wait for each other.
  const wanted = [...new Set(ids)].toSorted((a, b) => a - b).slice(0, mostAtOnce)
  return store.write(function* (transaction) {
    for (const id of wanted) {
      const held = yield* transaction.collection(inventory).hold(account.id, id)
      if (held === undefined) throw new Fault('certificate_unknown', {})
      const item: InventoryCertificate = { ...held, ...annotate(held) }
      if (item.tags.length > MOST_TAGS) {
        throw new Fault('parameter_invalid', { parameter: 'tags', reason: `more than ${MOST_TAGS}` })
      }
      yield* transaction.collection(inventory).replace(item)
      transaction.record({
        action: 'certificate.annotated',
        at: clock.now(),
        actor: caller.actor,
        accountId: account.id,
        object: `inventory-certificate:${id}`,
        requestId: caller.requestId,
        detail: { tags: item.tags.join(' '), owners: item.ownerIds.join(' ') },
      })
    }
  })
}
