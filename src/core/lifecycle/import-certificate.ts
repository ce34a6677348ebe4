import { DerError } from '../../pki/der/errors.ts'
import { isPkiError } from '../../pki/errors.ts'
import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { KeyRecord } from '../keys/key-record.ts'
import { type CertificateDescription, describeCertificate } from './describe-certificate.ts'
import {
  type InventoryCertificate,
  type InventoryRevocation,
  type InventoryStatus,
  inventory,
} from './inventory.ts'
import { keepBroughtKey } from './kept-key.ts'
import { newItem } from './new-item.ts'
import { visibleUnit } from './sight.ts'
import { takeSeat } from './take-seat.ts'

/** A certificate that another CA issued, brought along to be watched. */
export interface CertificateImport {
  readonly businessUnitId: number
  /** Undefined: named after the certificate. */
  readonly seatId: string | undefined
  readonly certificateDer: Uint8Array
  /** PKCS#8 DER of its key, to be kept; the caller zeroes it. Undefined: it is not here. */
  readonly privateKeyDer: Uint8Array | undefined
  readonly notes: string
  readonly tags: readonly string[]
  /** One of `certificate_hold` is a suspension. */
  readonly revocation: InventoryRevocation | null
}

const longestSeatId = 255

/**
 * Puts a certificate of somebody else into the inventory, with its key when that comes along.
 * @throws Fault parameter_invalid (`cert`) for what is no certificate, or a key that is not taken; key_in_other_use;
 *   name_taken for one that is there; business_unit_unknown, seats_exhausted
 */
export async function importCertificate(
  engine: Pick<Engine, 'clock' | 'store' | 'keyService' | 'sealer' | 'keyLists'>,
  by: Pick<Member, 'account'>,
  request: CertificateImport,
  caller: Caller,
): Promise<InventoryCertificate> {
  const { clock, store } = engine
  const described = describe(request.certificateDer)
  const seatId = request.seatId ?? seatIdOf(described)
  const brought = await sealedKey(engine, by, request.privateKeyDer)
  return await store.write(function* (transaction) {
    const at = clock.now()
    const { account } = by
    const unit = yield* visibleUnit(transaction, by, request.businessUnitId)
    const seat = yield* takeSeat(
      transaction,
      unit,
      { seatType: 'IMPORTED_SEAT', seatId, name: seatId, email: '', phone: '' },
      at,
    )
    const item = yield* newItem(transaction, account.id, request.certificateDer, at, {
      source: 'imported',
      importedDer: Buffer.from(request.certificateDer).toString('base64'),
      keyId: brought === undefined ? null : yield* keepBroughtKey(transaction, engine, brought, caller),
      seatId: seat.id,
      seatType: seat.seatType,
      businessUnitId: unit.id,
      status: statusAfter(request.revocation),
      revocation: request.revocation,
      tags: request.tags,
      notes: request.notes,
    })
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
      detail: { thumbprint: item.thumbprint, commonName: item.commonName, key: item.keyId },
    })
    return item
  })
}

async function sealedKey(
  { keyService, clock }: Pick<Engine, 'keyService' | 'clock'>,
  { account }: Pick<Member, 'account'>,
  privateKeyDer: Uint8Array | undefined,
): Promise<KeyRecord | undefined> {
  if (privateKeyDer === undefined) return undefined
  const request = { privateKeyDer, purpose: 'subscriber', accountId: account.id, now: clock.now() } as const
  const sealed = await keyService.adopt(request)
  if (sealed === undefined) throw new Fault('parameter_invalid', { parameter: 'cert', reason: 'its key' })
  return sealed
}

/** @throws Fault parameter_invalid */
function describe(der: Uint8Array): CertificateDescription {
  try {
    return describeCertificate(der)
  } catch (error) {
    if (!(error instanceof DerError) && !isPkiError(error)) throw error
    throw new Fault('parameter_invalid', { parameter: 'cert', reason: 'no certificate' }, { cause: error })
  }
}

/** Its common name where that makes an id; names of other CAs may be of any length. */
function seatIdOf({ commonName, serialNumber }: CertificateDescription): string {
  return commonName === '' || commonName.length > longestSeatId ? serialNumber : commonName
}

function statusAfter(revocation: InventoryRevocation | null): InventoryStatus {
  if (revocation === null) return 'issued'
  return revocation.reason === 'certificate_hold' ? 'suspended' : 'revoked'
}
