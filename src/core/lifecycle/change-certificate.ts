import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { RevocationReason } from '../certificates/certificate.ts'
import { changeStatus } from '../certificates/change-status.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { type InventoryCertificate, type InventoryRevocation, inventory } from './inventory.ts'

/**
 * Reasons by the names of the API, and what a CRL says. Reasons about CAs say nothing of a leaf: the certificate is
 * revoked without a reason then, and the inventory keeps what was told.
 */
export const revocationReasons = {
  unspecified: 0,
  key_compromise: 1,
  ca_compromise: 0,
  affiliation_changed: 3,
  superseded: 4,
  cessation_of_operation: 5,
  certificate_hold: 0,
  privilege_withdrawn: 9,
  aa_compromise: 0,
} as const satisfies Readonly<Record<string, RevocationReason>>

export type RevocationReasonName = keyof typeof revocationReasons

/**
 * Revokes a certificate, or with `certificate_hold` suspends it.
 * @throws Fault certificate_already_revoked; status_change_refused where the CA has no hold, and for a certificate of
 *   a CA elsewhere, which alone can revoke it
 */
export async function revokeInventoryCertificate(
  engine: Engine,
  { account }: Pick<Member, 'account'>,
  item: InventoryCertificate,
  { reason, comment }: { readonly reason: RevocationReasonName; readonly comment: string },
  caller: Caller,
): Promise<void> {
  if (item.status === 'revoked') throw new Fault('certificate_already_revoked', {})
  const { certificateId } = item
  const to = reason === 'certificate_hold' ? 'hold' : 'revoked'
  if (certificateId === null) throw new Fault('status_change_refused', { from: 'issued elsewhere', to })
  const change = { accountId: account.id, certificateId, to, reason: revocationReasons[reason] } as const
  await changeStatus(engine, change, caller)
  const told = { reason, comment, at: engine.clock.now() }
  await engine.store.write((transaction) => noteRevocation(transaction, item, to, told))
}

/** Ends a suspension. @throws Fault certificate_not_suspended */
export async function resumeInventoryCertificate(
  engine: Engine,
  { account }: Pick<Member, 'account'>,
  { status, certificateId }: InventoryCertificate,
  caller: Caller,
): Promise<void> {
  if (status !== 'suspended' || certificateId === null) throw new Fault('certificate_not_suspended', {})
  await changeStatus(engine, { accountId: account.id, certificateId, to: 'good' }, caller)
}

/**
 * Says beside the status why, in the caller's own words; the first who revoked is the one who is quoted. The status is
 * the engine's, and may have been changed meanwhile.
 */
function* noteRevocation(
  transaction: Transaction,
  { accountId, id }: InventoryCertificate,
  to: 'hold' | 'revoked',
  told: InventoryRevocation,
): Program<void> {
  const held = yield* transaction.collection(inventory).hold(accountId, id)
  if (held?.status !== (to === 'hold' ? 'suspended' : 'revoked')) return
  const isTold = held.revocation !== null && held.revocation.comment !== ''
  const revocation = isTold ? held.revocation : { ...told, at: held.revocation?.at ?? told.at }
  yield* transaction.collection(inventory).replace({ ...held, revocation })
}
