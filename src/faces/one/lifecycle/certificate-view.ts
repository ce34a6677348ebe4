import { businessUnits } from '../../../core/lifecycle/business-unit.ts'
import { certificateProfiles } from '../../../core/lifecycle/certificate-profile.ts'
import { type InventoryCertificate, inventory } from '../../../core/lifecycle/inventory.ts'
import { seats } from '../../../core/lifecycle/seat.ts'
import { lifecycleTemplate } from '../../../core/lifecycle/templates.ts'
import { versionOf } from '../../../core/version.ts'
import { parseCertificate } from '../../../pki/certificate.ts'
import type { Call } from '../call.ts'
import { hexIdOf, uuidOf } from '../ids.ts'
import { ok } from '../reply.ts'
import { certificateFiles } from './delivery.ts'
import { subjectView } from './subject-members.ts'

type Status = 'issued' | 'revoked' | 'expired' | 'suspended'

/** What a certificate is now: a revoked one stays revoked after its end. */
export function statusOf({ status, notAfter }: InventoryCertificate, now: number): Status {
  return status !== 'revoked' && now > notAfter ? 'expired' : status
}

/** What stands around certificates, for those who show several of them. */
export interface Surroundings {
  readonly seats: ReadonlyMap<number, { readonly seatId: string }>
  readonly profiles: ReadonlyMap<number, { readonly name: string; readonly templateId: number }>
  readonly units: ReadonlyMap<number, { readonly name: string }>
}

export async function surroundingsOf(
  { engine, account }: Call,
  items: readonly InventoryCertificate[],
): Promise<Surroundings> {
  const ids = (of: (item: InventoryCertificate) => number | null) => [
    ...new Set(items.flatMap((item) => of(item) ?? [])),
  ]
  return await engine.store.read(function* (view) {
    return {
      seats: byId(
        yield* view.collection(seats).byIds(
          account.id,
          ids(({ seatId }) => seatId),
        ),
      ),
      profiles: byId(
        yield* view.collection(certificateProfiles).byIds(
          account.id,
          ids(({ profileId }) => profileId),
        ),
      ),
      units: byId(
        yield* view.collection(businessUnits).byIds(
          account.id,
          ids(({ businessUnitId }) => businessUnitId),
        ),
      ),
    }
  })
}

const dayMs = 86_400_000

/** A certificate in a list. */
export function certificateView(item: InventoryCertificate, around: Surroundings, now: number) {
  const { profileId, seatId, businessUnitId, revocation } = item
  const profile = profileId === null ? undefined : around.profiles.get(profileId)
  const seat = seatId === null ? undefined : around.seats.get(seatId)
  const unit = businessUnitId === null ? undefined : around.units.get(businessUnitId)
  return {
    id: uuidOf('certificate', item.id),
    profile:
      profileId === null || profile === undefined
        ? undefined
        : { id: uuidOf('profile', profileId), name: profile.name },
    seat: seat === undefined ? undefined : { seat_id: seat.seatId },
    seat_type: item.seatType === null ? undefined : { id: item.seatType },
    business_unit:
      businessUnitId === null || unit === undefined
        ? undefined
        : { id: uuidOf('business-unit', businessUnitId), name: unit.name },
    account: { id: uuidOf('account', item.accountId) },
    ica: item.authorityId === null ? undefined : { id: hexIdOf('authority', item.authorityId) },
    common_name: item.commonName,
    status: statusOf(item, now),
    serial_number: item.serialNumber,
    thumbprint: item.thumbprint,
    valid_from: dateTime(item.notBefore),
    valid_to: dateTime(item.notAfter),
    issuing_ca_name: item.issuerName,
    key_size: item.keySize,
    signature_algorithm: item.signatureAlgorithm,
    expires_in_days: Math.max(0, Math.floor((item.notAfter - now) / dayMs)),
    notes: item.notes,
    template_name: profile === undefined ? undefined : lifecycleTemplate(profile.templateId)?.name,
    source: item.source === 'imported' ? 'imported' : 'digicert_one',
    tags: item.tags,
    cert_owner_ids: item.ownerIds.map((id) => uuidOf('owner', id)),
    custom_attributes: Object.fromEntries(
      item.customAttributes.map(({ id, values }) => [id, values.length === 1 ? (values[0] ?? '') : values]),
    ),
    enrollment_id: item.enrollmentId === null ? undefined : uuidOf('enrollment', item.enrollmentId),
    revocation:
      revocation === null || item.status !== 'revoked'
        ? undefined
        : {
            reason: revocation.reason,
            revocation_date: dateTime(revocation.at),
            comments: revocation.comment,
          },
  } as const
}

/** One certificate with its bytes. */
export async function certificateDetails(call: Call, item: InventoryCertificate) {
  const around = await surroundingsOf(call, [item])
  const { der, record } = await certificateFiles(call, item)
  return ok(
    {
      ...certificateView(item, around, call.engine.clock.now()),
      certificate: Buffer.from(der).toString('base64'),
      subject: subjectView(parseCertificate(der).subject),
      escrow: (item.keyId ?? record?.keyId ?? null) !== null,
    },
    versionOf(item),
  )
}

/** The present state of an item, read again. */
export async function itemOf(
  { engine, account }: Call,
  id: number,
): Promise<InventoryCertificate | undefined> {
  return await engine.store.read((view) => view.collection(inventory).byId(account.id, id))
}

/** `2026-03-01T00:00:00Z` */
export function dateTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

function byId<Item extends { readonly id: number }>(items: readonly Item[]): ReadonlyMap<number, Item> {
  return new Map(items.map((item) => [item.id, item]))
}
