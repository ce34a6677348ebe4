import assert from 'node:assert/strict'
import type {
  AuditQuery,
  BulkTagRequest,
  BusinessUnitRequest,
  CertificateImport,
  CertificateOwnerQuery,
  CertificateOwnerRequest,
  CertificateOwnerUpdate,
  CertificateSearchQuery,
  CertificateSummaryQuery,
  CertifiedNames,
  ChanceryClient,
  EnrollmentCodeQuery,
  EnrollmentQuery,
  EnrollmentRequest,
  EnrollmentStatusChange,
  IssueContents,
  IssueRequest,
  ManualRenewal,
  OwnerAssignment,
  PickupRequest,
  ProfileChanges,
  ProfileQuery,
  ProfileRequest,
  RecoveryQuery,
  RedeemRequest,
  RenewRequest,
  RevokeRequest,
  SeatDeletion,
  SeatKey,
  SeatQuery,
  SeatRequest,
  SeatUpdate,
  SerialQuery,
  SortedPageQuery,
  SubjectAttributes,
  TagRequest,
  Validity,
} from '../../sdk/src/index.ts'
import { freshCsrPem } from '../faces/one/requests.ts'
import { auditFilter } from './account-manager.ts'
import type { Complete } from './complete.ts'

/** What the calls name that the client cannot make or find. */
export interface Surroundings {
  readonly accountId: string
  /** Of users, which allows every kind of name. */
  readonly templateId: string
  readonly authorityId: string
  /** Base64 of the DER of a certificate that was issued elsewhere. */
  readonly foreignCertificate: string
  /** Somebody else of the account, to whom recoveries are no own matter. */
  readonly colleague: ChanceryClient
}

const sorted = { offset: 0, limit: 5, sort: ['name'] } satisfies Complete<SortedPageQuery>
const validity = { unit: 'days', duration: 20 } satisfies Complete<Validity>

const subjectAttributes = (commonName: string) =>
  ({
    common_name: commonName,
    organization_name: 'Harbour',
    organization_units: ['Cranes'],
    organization_identifier: 'NTRAT-1',
    serial_number: '7',
    locality: 'Graz',
    state: 'Styria',
    postal_code: '8010',
    street_address: ['Quay 1'],
    country: 'AT',
    email: 'ada@harbour.example',
    title: ['Dr'],
    given_name: ['Ada'],
    surname: ['Byron'],
    pseudonym: 'ab',
    user_identifier: 'ada',
    dn_qualifier: 'q',
    description: ['somebody'],
    domain_component: ['harbour'],
    unstructured_name: ['ada'],
    unstructured_address: ['quay'],
  }) satisfies Complete<SubjectAttributes>

const certifiedNames = (commonName: string) =>
  ({
    subject: subjectAttributes(commonName),
    extensions: {
      san: {
        dns_names: ['ada.harbour.example'],
        emails: ['ada@harbour.example'],
        ip_addresses: ['192.0.2.7'],
        uris: ['https://ada.harbour.example/'],
        user_principal_names: ['ada@harbour.example'],
        registered_ids: ['1.3.6.1.4.1.99999.1'],
        directory_name: subjectAttributes(commonName),
        other_names: {
          guid: ['6b29fc40-ca47-1067-b31d-00dd010662da'],
          raw_other_names: [{ oid: '1.3.6.1.4.1.99999.2', values: [{ value: '7' }] }],
        },
      },
    },
  }) satisfies Complete<CertifiedNames>

/** Every call of Trust Lifecycle Manager, each with all that it can say. */
export async function callTrustLifecycle(client: ChanceryClient, around: Surroundings): Promise<void> {
  const { trustLifecycle } = client
  await trustLifecycle.hello()
  await trustLifecycle.health()
  const unitId = await callUnits(client, around)
  await callSeats(client, unitId)
  const made = await callProfiles(client, unitId, around)
  const ownerId = await callOwners(client, around)
  const contents = (profileId: string, name: string) =>
    ({
      profile: { id: profileId },
      seat: { seat_id: name, seat_name: name, email: 'ada@harbour.example' },
      csr: freshCsrPem(),
      validity,
      attributes: certifiedNames(name),
      tags: ['quay'],
      cert_owner_ids: [ownerId],
      custom_attributes: [
        { id: 'cost-centre', value: '41' },
        { id: 'berths', multi_select_values: ['1', '2'] },
      ],
    }) satisfies Complete<IssueContents>
  const certificateId = await callCertificates(client, made.rest, contents, around)
  await trustLifecycle.owners.assign({
    certificate_ids: [certificateId],
    cert_owner_ids: [ownerId],
  } satisfies Complete<OwnerAssignment>)
  await callEnrollments(client, unitId, made, contents)
  await callRecovery(client, made.kept, around)

  await trustLifecycle.auditLog({ ...sorted, ...auditFilter } satisfies Complete<AuditQuery>)
  await trustLifecycle.auditCount(auditFilter)
  const [entry] = (await trustLifecycle.auditLog()).items
  assert.ok(entry)
  await trustLifecycle.auditEntry(entry.id)
}

async function callUnits({ trustLifecycle }: ChanceryClient, { accountId }: Surroundings): Promise<string> {
  const made = await trustLifecycle.createBusinessUnit({
    name: 'Dock',
    account: { id: accountId },
    licensed_seats: [{ seat_type: { id: 'DEVICE_SEAT' }, count: 7 }],
  } satisfies Complete<BusinessUnitRequest>)
  await trustLifecycle.businessUnit(made.id)
  await trustLifecycle.licensedSeats(made.id)
  await trustLifecycle.administrators(made.id)
  await trustLifecycle.deleteBusinessUnit(made.id)
  const [unit] = (await trustLifecycle.businessUnits(sorted)).items
  assert.ok(unit)
  return unit.id
}

async function callSeats({ trustLifecycle: { seats } }: ChanceryClient, unitId: string): Promise<void> {
  await seats.types()
  const details = { seat_name: 'Pump', email: 'ops@harbour.example', phone: '1' }
  const kind = { seat_type: { id: 'DEVICE_SEAT' }, business_unit_id: unitId } as const
  await seats.create({ ...kind, seat_id: 'pump', ...details } satisfies Complete<SeatRequest>)
  await seats.update('pump', { ...kind, ...details } satisfies Complete<SeatUpdate>)
  const key = { seat_type_id: 'DEVICE_SEAT', business_unit_id: unitId } satisfies Complete<SeatKey>
  await seats.details('pump', key)
  await seats.list({
    ...sorted,
    seat_type: 'DEVICE_SEAT',
    active: true,
    business_unit_id: unitId,
  } satisfies Complete<SeatQuery>)
  await seats.delete('pump', { ...key, revocation_reason: 'superseded' } satisfies Complete<SeatDeletion>)
}

/** Ids of profiles by how certificates of them are asked for. */
interface Profiles {
  readonly rest: string
  readonly coded: string
  readonly manual: string
  /** Its keys are kept. */
  readonly kept: string
}

async function callProfiles(
  { trustLifecycle: { profiles }, accountManager }: ChanceryClient,
  unitId: string,
  { accountId, templateId, authorityId }: Surroundings,
): Promise<Profiles> {
  const [token] = await accountManager.tokens('me')
  assert.ok(token)
  const request = {
    account_id: accountId,
    business_unit_id: unitId,
    name: 'People',
    template_id: templateId,
    ica: { id: authorityId },
    enrollment_method: 'rest_api',
    authentication_method: 'third_party_app',
    renewal_window_days: 30,
    seat_id_mapping: 'common_name',
    private_key_attributes: { key_size: 'P-256' },
    allowed_key_sizes: ['P-256'],
    override_cert_validity_via_api: true,
    duplicate_cert_policy: true,
    key_escrow_policy: { key_escrow_enabled: false },
    certificate_delivery_format: 'x509',
    api_token_binding_enabled: true,
    api_token_id: token.id,
    certificate: {
      validity,
      subject: { attributes: [{ type: 'common_name', mandatory: true }] },
      extensions: { san: { attributes: [{ type: 'emails', mandatory: false }] } },
    },
    tags: ['quay'],
  } satisfies Complete<ProfileRequest>
  const rest = await profiles.create(request)
  const {
    account_id: _account,
    business_unit_id: _unit,
    template_id: _template,
    ica: _ica,
    enrollment_method: _enrollment,
    authentication_method: _authentication,
    seat_id_mapping: _mapping,
    ...settings
  } = request
  await profiles.update(rest.id, {
    ...settings,
    name: 'Staff',
    status: 'Active',
    renewal_window_days: 40,
  } satisfies Complete<ProfileChanges>)
  await profiles.details(rest.id)
  await profiles.list({
    ...sorted,
    api_token_id: token.id,
    business_unit_id: unitId,
  } satisfies Complete<ProfileQuery>)
  const others = { ...request, api_token_binding_enabled: false }
  const coded = { enrollment_method: 'scep', authentication_method: 'enrollment_code' } as const
  return {
    rest: rest.id,
    coded: (await profiles.create({ ...others, ...coded })).id,
    manual: (await profiles.create({ ...others, authentication_method: 'manual_approval' })).id,
    kept: (await profiles.create({ ...others, key_escrow_policy: { key_escrow_enabled: true } })).id,
  }
}

async function callOwners(
  { trustLifecycle: { owners } }: ChanceryClient,
  { accountId }: Surroundings,
): Promise<string> {
  const owner = await owners.create({
    account_id: accountId,
    email: 'ada@harbour.example',
    name: 'Ada',
  } satisfies Complete<CertificateOwnerRequest>)
  await owners.update(owner.id, {
    name: 'Ada B',
    email: 'ada.b@harbour.example',
  } satisfies Complete<CertificateOwnerUpdate>)
  await owners.details(owner.id)
  await owners.list({ ...sorted, account_id: accountId } satisfies Complete<CertificateOwnerQuery>)
  const other = await owners.create({ account_id: accountId, email: 'eve@harbour.example' })
  await owners.delete(other.id)
  return owner.id
}

type Contents = (profileId: string, name: string) => Complete<IssueContents>

/** @returns the id of a certificate */
async function callCertificates(
  { trustLifecycle: { certificates } }: ChanceryClient,
  profileId: string,
  contents: Contents,
  { accountId, foreignCertificate }: Surroundings,
): Promise<string> {
  const delivery = { delivery_format: 'pkcs7', include_ca_chain: true } as const
  const issued = await certificates.issue({
    ...contents(profileId, 'ada'),
    ...delivery,
  } satisfies Complete<IssueRequest>)
  const serial = issued.serial_number ?? ''
  const { thumbprint, id, business_unit } = await certificates.details(serial)
  const precisely = { thumbprint_sha256: thumbprint } satisfies Complete<SerialQuery>
  await certificates.details(serial, precisely)
  await certificates.detailsById(id)
  await certificates.pickUp(id, { profile: { id: profileId }, ...delivery } satisfies Complete<PickupRequest>)
  await certificates.additionalFormats(serial, precisely)
  await certificates.search({
    ...sorted,
    account_id: accountId,
    business_unit_id: id,
    business_unit_name: 'Dock',
    profile_id: profileId,
    seat_id: 'ada',
    seat_type_id: 'USER_SEAT',
    serial_number: serial,
    valid_from: '2020-01-01_',
    valid_to: '_2099-01-01',
    common_name: 'ada',
    aki: '00',
    issuing_ca_id: id,
    issuing_ca_name: 'CA',
    issuing_ca_serial_number: '00',
    status: 'issued',
    thumbprint,
    enrollment_id: id,
    cert_owners: id,
    tags: 'quay',
    custom_attributes: 'cost-centre:41',
  } satisfies Complete<CertificateSearchQuery>)
  await certificates.summary({
    offset: 0,
    limit: 5,
    account_id: accountId,
    status: 'issued',
    issuer_type: 'private_ca',
  } satisfies Complete<CertificateSummaryQuery>)
  await certificates.renew(serial, {
    csr: freshCsrPem(),
    validity,
    ...delivery,
    renewal_comment: 'in time',
    thumbprint_sha256: thumbprint,
  } satisfies Complete<RenewRequest>)
  await certificates.addTags(id, { tags: ['a'] } satisfies Complete<TagRequest>)
  const bulk = { certificate_ids: [id], tags: ['b'] } satisfies Complete<BulkTagRequest>
  await certificates.addTagsToAll(bulk)
  await certificates.replaceTagsOfAll(bulk)
  const revocation = {
    revocation_reason: 'certificate_hold',
    comment: 'lost',
    thumbprint_sha256: thumbprint,
    account_id: accountId,
  } satisfies Complete<RevokeRequest>
  await certificates.revoke(serial, revocation)
  await certificates.resume(serial, precisely)
  await certificates.import([
    {
      cert_type: 'x509',
      business_unit_id: business_unit?.id ?? '',
      seat_id: 'brought',
      cert: foreignCertificate,
      password: 'of no file',
      notes: 'from elsewhere',
      tag_name: 'old',
      tags: ['older'],
      revocation: { revoked: true, reason: 'superseded', revoke_date: '2026-01-01T00:00:00Z' },
    },
  ] satisfies Complete<readonly CertificateImport[]>)
  return id
}

async function callEnrollments(
  { trustLifecycle: { enrollments } }: ChanceryClient,
  unitId: string,
  { coded, manual }: Profiles,
  contents: Contents,
): Promise<void> {
  const made = await enrollments.create({
    profile: { id: coded },
    seat: { seat_id: 'eve', email: 'eve@harbour.example' },
    attributes: { ...certifiedNames('eve'), csr: freshCsrPem(), validity },
    enrollment_code: 'open-sesame-7',
    expiry_date: '2099-01-01',
  } satisfies Complete<EnrollmentRequest>)
  await enrollments.details(made.id)
  await enrollments.byCode('open-sesame-7', 'eve')
  const filter = { ...sorted, profile_id: coded, seat_id: 'eve' }
  await enrollments.list({ ...filter, status: 'created' } satisfies Complete<EnrollmentQuery>)
  await enrollments.codes({ ...filter, business_unit_id: unitId } satisfies Complete<EnrollmentCodeQuery>)
  await enrollments.redeem({
    ...contents(coded, 'eve'),
    enrollment_code: 'open-sesame-7',
    delivery_format: 'x509',
    include_ca_chain: true,
  } satisfies Complete<RedeemRequest>)
  const { certificate_id = '' } = await enrollments.details(made.id)
  await enrollments.ofCertificate(certificate_id)

  const waiting = await enrollments.request(contents(manual, 'ida'))
  await enrollments.changeStatus(waiting.id, {
    new_status: 'approved',
    message_to_user: 'welcome',
    custom_validity_days: 17,
  } satisfies Complete<EnrollmentStatusChange>)
  const approved = await enrollments.details(waiting.id)
  await enrollments.requestRenewal(approved.certificate_id ?? '', {
    csr: freshCsrPem(),
    validity,
    renewal_comment: 'in time',
  } satisfies Complete<ManualRenewal>)
}

async function callRecovery(
  { trustLifecycle: { certificates } }: ChanceryClient,
  kept: string,
  { colleague }: Surroundings,
): Promise<void> {
  const { serial_number: serial = '' } = await certificates.issue({
    profile: { id: kept },
    seat: { seat_id: 'kim' },
    delivery_format: 'pkcs12',
    attributes: { subject: { common_name: 'kim' } },
  })
  const { thumbprint } = await certificates.details(serial)
  const precisely = { thumbprint_sha256: thumbprint } satisfies Complete<SerialQuery>
  await colleague.trustLifecycle.certificates.approveRecovery(serial, precisely)
  await certificates.recoverKey(serial, {
    ...precisely,
    include_chain: true,
  } satisfies Complete<RecoveryQuery>)
}
