import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { RevocationReason } from '../certificates/certificate.ts'
import { changeStatus } from '../certificates/change-status.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { requireVersion } from '../version.ts'
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
 * Revokes a certificate, or with `certificate_hold` suspends it, and keeps why in the caller's own words.
 * @param expected versions of the inventory's certificate that the change was meant for
 * @throws Fault certificate_already_revoked, version_conflict; status_change_refused where the CA has no hold, and for
 *   a certificate of a CA elsewhere, which alone can revoke it
 */
export async function revokeInventoryCertificate(
  engine: Engine,
  { account }: Pick<Member, 'account'>,
  item: InventoryCertificate,
  { reason, comment }: { readonly reason: RevocationReasonName; readonly comment: string },
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  requireVersion(item, expected)
  if (item.status === 'revoked') throw new Fault('certificate_already_revoked', {})
  const { certificateId } = item
  const to = reason === 'certificate_hold' ? 'hold' : 'revoked'
  if (certificateId === null) throw new Fault('status_change_refused', { from: 'issued elsewhere', to })
  await changeStatus(
    engine,
    {
      accountId: account.id,
      certificateId,
      to,
      reason: revocationReasons[reason],
      whileHeld: (transaction) => requireHeldVersion(transaction, item, expected),
      whenChanged: (transaction) =>
        noteRevocation(transaction, item, { reason, comment, at: engine.clock.now() }),
    },
    caller,
  )
}

/** Ends a suspension. @throws Fault certificate_not_suspended, version_conflict */
export async function resumeInventoryCertificate(
  engine: Engine,
  { account }: Pick<Member, 'account'>,
  item: InventoryCertificate,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  requireVersion(item, expected)
  const { status, certificateId } = item
  if (status !== 'suspended' || certificateId === null) throw new Fault('certificate_not_suspended', {})
  await changeStatus(
    engine,
    {
      accountId: account.id,
      certificateId,
      to: 'good',
      whileHeld: (transaction) => requireHeldVersion(transaction, item, expected),
    },
    caller,
  )
}

/** What the version was read from may have changed until the certificate was held. */
function* requireHeldVersion(
  transaction: Transaction,
  { accountId, id }: InventoryCertificate,
  expected: readonly string[] | undefined,
): Program<void> {
  if (expected === undefined) return
  const held = yield* transaction.collection(inventory).hold(accountId, id)
  if (held !== undefined) requireVersion(held, expected)
}

/** Says beside the status why, in the caller's own words; the first who revoked is the one who is quoted. */
function* noteRevocation(
  transaction: Transaction,
  { accountId, id }: InventoryCertificate,
  told: InventoryRevocation,
): Program<void> {
  const held = yield* transaction.collection(inventory).hold(accountId, id)
  if (held === undefined) return
  const isTold = held.revocation !== null && held.revocation.comment !== ''
  const revocation = isTold ? held.revocation : { ...told, at: held.revocation?.at ?? told.at }
  yield* transaction.collection(inventory).replace({ ...held, revocation })
}
