import { authorityId } from '../../../core/brand.ts'
import {
  authenticationMethods,
  type CertificateProfile,
  deliveryFormats,
  enrollmentMethods,
  profileStatuses,
} from '../../../core/lifecycle/certificate-profile.ts'
import type { ProfileChanges, ProfileRequest } from '../../../core/lifecycle/manage-profiles.ts'
import type { KeyKind } from '../../../pki/key-kinds.ts'
import type { Reader } from '../reader.ts'
import { readLifetime, readTags } from './issue-body.ts'
import { keyKindOfSize } from './profile-view.ts'
import { subjectMemberNames } from './subject-members.ts'

const longestWindowDays = 3_650
const nameMembers = [
  'dns_names',
  'ip_addresses',
  'emails',
  'uris',
  'user_principal_names',
  'registered_ids',
  'directory_name',
  'other_names',
] as const

/** What is said of a new profile; `check` is the caller's. */
export function readProfileRequest(body: Reader): ProfileRequest {
  const name = body.requiredText('name', { longest: 128 })
  const businessUnitId = body.requiredId('business_unit_id', 'business-unit')
  const templateId = body.requiredId('template_id', 'template')
  const issuer = body.requiredId('ica', 'authority')
  body.requiredText('account_id')
  const enrollmentMethod = body.requiredChoice('enrollment_method', enrollmentMethods)
  const authenticationMethod = body.requiredChoice('authentication_method', authenticationMethods)
  const renewalWindowDays = body.requiredInteger('renewal_window_days', 0, longestWindowDays)
  const seatIdMapping = body.requiredText('seat_id_mapping')
  return {
    ...readOptionalMembers(body),
    name,
    businessUnitId,
    templateId,
    authorityId: authorityId(issuer),
    enrollmentMethod,
    authenticationMethod,
    renewalWindowDays,
    seatIdMapping,
  }
}

/** What becomes of a profile; the members that say what it is cannot change. */
export function readProfileChanges(body: Reader): ProfileChanges {
  const name = body.text('name', { longest: 128 })
  const status = body.choice('status', profileStatuses)
  const renewalWindowDays = body.integer('renewal_window_days', 0, longestWindowDays)
  return {
    ...readOptionalMembers(body),
    ...(name !== undefined && { name }),
    ...(status !== undefined && { status }),
    ...(renewalWindowDays !== undefined && { renewalWindowDays }),
  }
}

type Optional = Partial<
  Pick<
    CertificateProfile,
    | 'keyKinds'
    | 'lifetime'
    | 'overridesLifetime'
    | 'allowsDuplicates'
    | 'escrowsKeys'
    | 'deliveryFormat'
    | 'boundTokenId'
    | 'subject'
    | 'alternativeNames'
    | 'tags'
  >
>

function readOptionalMembers(body: Reader): Optional {
  const certificate = body.object('certificate')
  const lifetime = readLifetime(certificate.has('validity') ? certificate : body)
  const keyKinds = readKeyKinds(body)
  const overridesLifetime = body.flag('override_cert_validity_via_api')
  const allowsDuplicates = body.flag('duplicate_cert_policy')
  const escrowsKeys = body.object('key_escrow_policy').flag('key_escrow_enabled')
  const deliveryFormat = body.choice('certificate_delivery_format', deliveryFormats)
  const isBound = body.flag('api_token_binding_enabled')
  const boundTokenId = isBound === false ? null : body.id('api_token_id', 'token')
  if (isBound === true && boundTokenId === undefined) body.complain('member_missing', 'api_token_id')
  const subject = certificate.object('subject')
  const san = certificate.object('extensions').object('san')
  return {
    ...(keyKinds !== undefined && { keyKinds }),
    ...(lifetime !== undefined && { lifetime }),
    ...(overridesLifetime !== undefined && { overridesLifetime }),
    ...(allowsDuplicates !== undefined && { allowsDuplicates }),
    ...(escrowsKeys !== undefined && { escrowsKeys }),
    ...(deliveryFormat !== undefined && { deliveryFormat }),
    ...(boundTokenId !== undefined && { boundTokenId }),
    ...(subject.has('attributes') && { subject: readAttributes(subject, subjectMemberNames) }),
    ...(san.has('attributes') && { alternativeNames: readAttributes(san, nameMembers) }),
    ...(body.has('tags') && { tags: readTags(body, 'tags') }),
  }
}

/** `allowed_key_sizes`, with the size of `private_key_attributes` first. */
function readKeyKinds(body: Reader): readonly KeyKind[] | undefined {
  const attributes = body.object('private_key_attributes')
  const first = attributes.text('key_size')
  const sizes = [...(first === undefined ? [] : [first]), ...body.texts('allowed_key_sizes')]
  if (sizes.length === 0) return undefined
  const kinds = sizes.flatMap((size) => keyKindOfSize(size) ?? [])
  if (kinds.length < sizes.length) body.complain('member_invalid', 'allowed_key_sizes')
  return [...new Set(kinds)]
}

function readAttributes(reader: Reader, known: readonly string[]): CertificateProfile['subject'] {
  return reader.objects('attributes').map((attribute) => {
    const type = attribute.requiredText('type')
    if (type !== '' && !known.includes(type)) attribute.complain('member_not_served', 'type')
    return { type, mandatory: attribute.flag('mandatory') ?? false }
  })
}
