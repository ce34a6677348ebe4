import { isKeyKind, type KeyKind } from '../../pki/key-kinds.ts'
import { type AccountId, type AuthorityId, accountId, authorityId, type Instant } from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader, DocumentUnsound } from '../store/document.ts'
import { type LifetimeUnit, lifetimeUnits } from './lifetime.ts'

export const profileStatuses = ['Active', 'Suspended', 'Deleted', 'Action needed'] as const
export type ProfileStatus = (typeof profileStatuses)[number]

/** How a certificate of a profile is asked for. */
export const enrollmentMethods = [
  'rest_api',
  'csr',
  'scep',
  'est',
  'acme',
  'browser_pkcs12',
  'digicert_desktop_client',
  'android',
  'ios',
  'os_browser',
  'pki_client',
  'acme_device_attestation',
] as const
export type EnrollmentMethod = (typeof enrollmentMethods)[number]

/** Who vouches for whoever asks. */
export const authenticationMethods = [
  'third_party_app',
  'enrollment_code',
  'manual_approval',
  'saml_idp',
  'active_directory',
  'certificate_authentication',
  'global_passphrase',
  'no_auth',
] as const
export type AuthenticationMethod = (typeof authenticationMethods)[number]

export const deliveryFormats = ['x509', 'pkcs7', 'pkcs12', 'pkcs12_pem'] as const
export type DeliveryFormat = (typeof deliveryFormats)[number]

/** What of subjects and names a request has to say. */
export interface ProfileAttribute {
  /** Such as `common_name` or `dns_names`. */
  readonly type: string
  readonly mandatory: boolean
}

/** An account's rules for certificates of one use: who issues them, over which keys, for how long, for whom. */
export interface CertificateProfile {
  readonly id: number
  readonly accountId: AccountId
  readonly businessUnitId: number
  readonly name: string
  readonly status: ProfileStatus
  /** See src/core/lifecycle/templates.ts. */
  readonly templateId: number
  readonly authorityId: AuthorityId
  readonly enrollmentMethod: EnrollmentMethod
  readonly authenticationMethod: AuthenticationMethod
  /** Keys that are taken; the first one is what clients make, and what is made here. */
  readonly keyKinds: readonly KeyKind[]
  readonly lifetime: { readonly unit: LifetimeUnit; readonly duration: number }
  /** Whether a request may say how long. */
  readonly overridesLifetime: boolean
  /** Days before its end in which a certificate can be renewed. */
  readonly renewalWindowDays: number
  /** Whether one subject and seat may have several valid certificates. */
  readonly allowsDuplicates: boolean
  /** Keys are made and kept here, and can be recovered. */
  readonly escrowsKeys: boolean
  readonly deliveryFormat: DeliveryFormat
  /** Id of the only API key that may use it; null: every one. */
  readonly boundTokenId: number | null
  readonly seatIdMapping: string
  readonly subject: readonly ProfileAttribute[]
  readonly alternativeNames: readonly ProfileAttribute[]
  readonly publishesToDirectory: boolean
  readonly tags: readonly string[]
  readonly createdAt: Instant
}

const columns = { business_unit_id: 'integer', status: 'text', name: 'text' } as const

const readAttribute = (read: DocumentReader): ProfileAttribute => ({
  type: read.text('type'),
  mandatory: read.flag('mandatory'),
})

export const certificateProfiles = {
  name: 'certificate_profile',
  columns,
  values: (profile) => ({
    business_unit_id: profile.businessUnitId,
    status: profile.status,
    name: profile.name,
  }),
  parse(document) {
    const read = new DocumentReader(document, 'certificate profile')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      businessUnitId: read.integer('businessUnitId'),
      name: read.text('name'),
      status: read.member('status', profileStatuses),
      templateId: read.integer('templateId'),
      authorityId: authorityId(read.integer('authorityId')),
      enrollmentMethod: read.member('enrollmentMethod', enrollmentMethods),
      authenticationMethod: read.member('authenticationMethod', authenticationMethods),
      keyKinds: read.texts('keyKinds').map((kind) => {
        if (!isKeyKind(kind)) throw new DocumentUnsound('certificate profile keyKinds')
        return kind
      }),
      lifetime: read.object('lifetime', (each) => ({
        unit: each.member('unit', lifetimeUnits),
        duration: each.integer('duration'),
      })),
      overridesLifetime: read.flag('overridesLifetime'),
      renewalWindowDays: read.integer('renewalWindowDays'),
      allowsDuplicates: read.flag('allowsDuplicates'),
      escrowsKeys: read.flag('escrowsKeys'),
      deliveryFormat: read.member('deliveryFormat', deliveryFormats),
      boundTokenId: read.integerOrNull('boundTokenId'),
      seatIdMapping: read.text('seatIdMapping'),
      subject: read.list('subject', readAttribute),
      alternativeNames: read.list('alternativeNames', readAttribute),
      publishesToDirectory: read.flag('publishesToDirectory'),
      tags: read.texts('tags'),
      createdAt: read.integer('createdAt'),
    }
  },
} as const satisfies CollectionDefinition<CertificateProfile, keyof typeof columns>
