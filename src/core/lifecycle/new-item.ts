import type { AccountId, Instant } from '../brand.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { describeCertificate } from './describe-certificate.ts'
import { type InventoryCertificate, inventory } from './inventory.ts'

/** What has to be said of a certificate that comes into the inventory, and what may. */
type Said = Pick<InventoryCertificate, 'source'> &
  Partial<Omit<InventoryCertificate, keyof ReturnType<typeof describeCertificate> | 'id' | 'accountId'>>

const nothingSaid = {
  certificateId: null,
  authorityId: null,
  importedDer: null,
  keyId: null,
  profileId: null,
  seatId: null,
  seatType: null,
  businessUnitId: null,
  enrollmentId: null,
  status: 'issued',
  revocation: null,
  tags: [],
  notes: '',
  ownerIds: [],
  customAttributes: [],
  recoveryApprovals: [],
} as const satisfies Partial<InventoryCertificate>

/**
 * A certificate as it comes into the inventory, with an id of its own; not stored yet.
 * @throws DerError, PkiError for what is no certificate
 */
export function* newItem(
  transaction: Transaction,
  accountId: AccountId,
  certificateDer: Uint8Array,
  createdAt: Instant,
  said: Said,
): Program<InventoryCertificate> {
  return {
    ...nothingSaid,
    ...describeCertificate(certificateDer),
    id: yield* transaction.collection(inventory).nextId(),
    accountId,
    createdAt,
    ...said,
  }
}
