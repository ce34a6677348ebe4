import type { Member } from '../access/member.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { type BusinessUnit, businessUnits } from './business-unit.ts'
import { type CertificateProfile, certificateProfiles } from './certificate-profile.ts'
import { type InventoryCertificate, inventory } from './inventory.ts'

type Reads = Pick<View, 'collection'>

/** One answer for those of others and those that do not exist. @throws Fault business_unit_unknown */
export function* visibleUnit(
  view: Reads,
  { account }: Pick<Member, 'account'>,
  id: number,
): Program<BusinessUnit> {
  const unit = yield* view.collection(businessUnits).byId(account.id, id)
  if (unit?.isActive !== true) throw new Fault('business_unit_unknown', {})
  return unit
}

/**
 * The unit that a request names, or the account's only one.
 * @throws Fault business_unit_unknown; parameter_missing (`business_unit_id`) where there are several
 */
export function* unitOf(
  view: Reads,
  member: Pick<Member, 'account'>,
  id: number | undefined,
): Program<BusinessUnit> {
  if (id !== undefined) return yield* visibleUnit(view, member, id)
  const units = yield* view.collection(businessUnits).withValue(member.account.id, 'is_active', 1, 2)
  const [only] = units
  if (only === undefined || units.length > 1) {
    throw new Fault('parameter_missing', { parameter: 'business_unit_id' })
  }
  return only
}

/** @throws Fault certificate_profile_unknown, also for one that is bound to another key */
export function* visibleProfile(view: Reads, member: Member, id: number): Program<CertificateProfile> {
  const profile = yield* view.collection(certificateProfiles).byId(member.account.id, id)
  if (profile === undefined || profile.status === 'Deleted' || !maySee(member, profile)) {
    throw new Fault('certificate_profile_unknown', {})
  }
  return profile
}

/**
 * A profile to ask for a certificate of: where it is bound to a key, by that key alone, whoever else manages it.
 * @throws Fault certificate_profile_unknown
 */
export function* usableProfile(view: Reads, member: Member, id: number): Program<CertificateProfile> {
  const profile = yield* visibleProfile(view, member, id)
  if (!mayUse(member, profile)) throw new Fault('certificate_profile_unknown', {})
  return profile
}

/** Whether the key at hand is told of a profile; people who manage profiles see all of them. */
export function maySee(member: Member, profile: CertificateProfile): boolean {
  return member.permissions.has('MANAGE_EM_PROFILE') || mayUse(member, profile)
}

function mayUse({ credential }: Member, { boundTokenId }: CertificateProfile): boolean {
  return boundTokenId === null || (credential.type === 'api-key' && credential.key.id === boundTokenId)
}

const mostOfOneSerialNumber = 100

/**
 * A certificate of the account by its serial number, upper-case hex.
 * @param thumbprint SHA-256, upper-case hex; tells several of one number apart
 * @throws Fault certificate_unknown, serial_number_ambiguous
 */
export function* bySerialNumber(
  view: Reads,
  { account }: Pick<Member, 'account'>,
  serialNumber: string,
  thumbprint: string | undefined,
): Program<InventoryCertificate> {
  const found = yield* view
    .collection(inventory)
    .withValue(account.id, 'serial_number', serialNumber, mostOfOneSerialNumber)
  const meant = thumbprint === undefined ? found : found.filter((each) => each.thumbprint === thumbprint)
  const [item] = meant
  if (item === undefined) throw new Fault('certificate_unknown', {})
  if (meant.length > 1) throw new Fault('serial_number_ambiguous', {})
  return item
}

/** @throws Fault certificate_unknown */
export function* inventoryItem(
  view: Reads,
  { account }: Pick<Member, 'account'>,
  id: number,
): Program<InventoryCertificate> {
  const item = yield* view.collection(inventory).byId(account.id, id)
  if (item === undefined) throw new Fault('certificate_unknown', {})
  return item
}
