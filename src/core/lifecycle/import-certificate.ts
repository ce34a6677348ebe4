import { DerError } from '../../pki/der/errors.ts'
import { isPkiError } from '../../pki/errors.ts'
import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { describeCertificate } from './describe-certificate.ts'
import { type InventoryCertificate, type InventoryRevocation, inventory } from './inventory.ts'
import { visibleUnit } from './sight.ts'
import { takeSeat } from './take-seat.ts'

/** A certificate that another CA issued, brought along to be watched. */
export interface CertificateImport {
  readonly businessUnitId: number
  readonly seatId: string
  readonly certificateDer: Uint8Array
  readonly notes: string
  readonly tags: readonly string[]
  readonly revocation: InventoryRevocation | null
}

/**
 * Puts a certificate of somebody else into the inventory.
 * @throws Fault parameter_invalid (`cert`) for what is no certificate; name_taken for one that is there;
 *   business_unit_unknown, seats_exhausted
 */
export function importCertificate(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Pick<Member, 'account'>,
  request: CertificateImport,
  caller: Caller,
): Promise<InventoryCertificate> {
  const described = describedOf(request.certificateDer)
  return store.write(function* (transaction) {
    const at = clock.now()
    const { account } = by
    const unit = yield* visibleUnit(transaction, by, request.businessUnitId)
    const seat = yield* takeSeat(
      transaction,
      unit,
      { seatType: 'IMPORTED_SEAT', seatId: request.seatId, name: request.seatId, email: '', phone: '' },
      at,
    )
    const item: InventoryCertificate = {
      ...described,
      id: yield* transaction.collection(inventory).nextId(),
      accountId: account.id,
      source: 'imported',
      certificateId: null,
      authorityId: null,
      importedDer: Buffer.from(request.certificateDer).toString('base64'),
      profileId: null,
      seatId: seat.id,
      seatType: seat.seatType,
      businessUnitId: unit.id,
      enrollmentId: null,
      status: request.revocation === null ? 'issued' : 'revoked',
      revocation: request.revocation,
      tags: request.tags,
      notes: request.notes,
      ownerIds: [],
      customAttributes: [],
      recoveryApprovals: [],
      createdAt: at,
    }
    if (!(yield* transaction.collection(inventory).insert(item))) {
      throw new Fault('name_taken', { parameter: 'cert', name: item.thumbprint })
    }
    transaction.record({
      action: 'certificate.imported',
      at,
      actor: caller.actor,
      accountId: account.id,
      object: `inventory-certificate:${item.id}`,
      requestId: caller.requestId,
      detail: { thumbprint: item.thumbprint, commonName: item.commonName },
    })
    return item
  })
}

function describedOf(der: Uint8Array): ReturnType<typeof describeCertificate> {
  try {
    return describeCertificate(der)
  } catch (error) {
    if (!(error instanceof DerError) && !isPkiError(error)) throw error
    throw new Fault('parameter_invalid', { parameter: 'cert', reason: 'no certificate' }, { cause: error })
  }
}
