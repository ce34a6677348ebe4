import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Transaction } from '../store/store.ts'
import { type InventoryCertificate, inventory } from './inventory.ts'
import { keptKeyOf } from './kept-key.ts'

/**
 * Lets the key of a certificate be recovered once, by somebody else.
 * @throws Fault certificate_unknown; recovery_impossible where no key was kept, or the same user approved already
 */
export function approveRecovery(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  { account, user }: Pick<Member, 'account' | 'user'>,
  item: InventoryCertificate,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    if ((yield* keptKeyOf(transaction, item)) === null)
      throw new Fault('recovery_impossible', { reason: 'it was not kept here' })
    const held = yield* transaction.collection(inventory).hold(account.id, item.id)
    if (held === undefined) throw new Fault('certificate_unknown', {})
    if (held.recoveryApprovals.includes(user.id)) {
      throw new Fault('recovery_impossible', { reason: 'this user has approved it already' })
    }
    const recoveryApprovals = [...held.recoveryApprovals, user.id]
    yield* transaction.collection(inventory).replace({ ...held, recoveryApprovals })
    tell(transaction, 'recovery.approved', item, user.id, clock.now(), caller)
  })
}

/**
 * Uses up an approval of somebody else.
 * @throws Fault certificate_unknown, recovery_not_approved
 */
export function spendApproval(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  { account, user }: Pick<Member, 'account' | 'user'>,
  item: InventoryCertificate,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* transaction.collection(inventory).hold(account.id, item.id)
    if (held === undefined) throw new Fault('certificate_unknown', {})
    const place = held.recoveryApprovals.findIndex((id) => id !== user.id)
    if (place === -1) throw new Fault('recovery_not_approved', {})
    const recoveryApprovals = held.recoveryApprovals.toSpliced(place, 1)
    yield* transaction.collection(inventory).replace({ ...held, recoveryApprovals })
    const approver = held.recoveryApprovals[place] ?? 0
    tell(transaction, 'recovery.approval-spent', item, approver, clock.now(), caller)
  })
}

function tell(
  transaction: Transaction,
  action: 'recovery.approved' | 'recovery.approval-spent',
  { id, accountId, serialNumber }: InventoryCertificate,
  approver: number,
  at: Instant,
  { actor, requestId }: Caller,
): void {
  transaction.record({
    action,
    at,
    actor,
    accountId,
    object: `inventory-certificate:${id}`,
    requestId,
    detail: { serialNumber, approver },
  })
}
