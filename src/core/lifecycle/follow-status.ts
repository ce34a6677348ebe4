import type { CertificateId } from '../brand.ts'
import type { RevocationReason } from '../certificates/certificate.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { inventory } from './inventory.ts'

const statuses = { good: 'issued', hold: 'suspended', revoked: 'revoked' } as const

/** What the codes of RFC 5280 section 5.3.1 are called. */
const reasonNames: { readonly [Reason in RevocationReason]: string } = {
  0: 'unspecified',
  1: 'key_compromise',
  3: 'affiliation_changed',
  4: 'superseded',
  5: 'cessation_of_operation',
  6: 'certificate_hold',
  9: 'privilege_withdrawn',
}

/**
 * Lets the inventory follow a change of the engine's status, whoever made it, in the transaction of the change.
 * @param reason of the entry; without meaning for `good`
 */
export function* followStatus(
  transaction: Transaction,
  certificate: CertificateId,
  to: 'good' | 'hold' | 'revoked',
  reason: RevocationReason,
  at: number,
): Program<void> {
  const [found] = yield* transaction
    .collection(inventory)
    .anyBetween('certificate_id', certificate, certificate, 0, 1)
  if (found === undefined) return
  const held = yield* transaction.collection(inventory).hold(found.accountId, found.id)
  if (held === undefined) return
  const revocation = to === 'good' ? null : { reason: reasonNames[reason], at, comment: '' }
  yield* transaction.collection(inventory).replace({ ...held, status: statuses[to], revocation })
}
