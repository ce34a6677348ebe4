import type { KeyKind } from '../../pki/key-kinds.ts'
import type { AccountRecord } from '../accounts/account.ts'
import type { Caller } from '../audit/caller.ts'
import type { AuthorityId, Instant } from '../brand.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { type BusinessUnit, businessUnits } from './business-unit.ts'
import { type CertificateProfile, certificateProfiles } from './certificate-profile.ts'

/** What a new profile has unless it is told otherwise. */
export const usualProfile = {
  status: 'Active',
  templateId: 1,
  enrollmentMethod: 'rest_api',
  authenticationMethod: 'third_party_app',
  // Whoever names no key has not chosen between the two families.
  keyKinds: ['p-256', 'p-384', 'rsa-2048', 'rsa-3072', 'rsa-4096'],
  lifetime: { unit: 'days', duration: 365 },
  overridesLifetime: true,
  renewalWindowDays: 30,
  allowsDuplicates: true,
  escrowsKeys: false,
  deliveryFormat: 'x509',
  boundTokenId: null,
  seatIdMapping: 'common_name',
  subject: [{ type: 'common_name', mandatory: true }],
  alternativeNames: [],
  publishesToDirectory: false,
  tags: [],
} as const satisfies Omit<
  CertificateProfile,
  'id' | 'accountId' | 'businessUnitId' | 'name' | 'authorityId' | 'createdAt'
>

/** The first is for servers with elliptic keys, the second for those with RSA keys. */
const ready: readonly { readonly name: string; readonly keyKinds: readonly KeyKind[] }[] = [
  { name: 'Server P-256', keyKinds: ['p-256', 'p-384'] },
  { name: 'Server RSA-2048', keyKinds: ['rsa-2048', 'rsa-3072', 'rsa-4096'] },
]

/** Makes what an account can issue with at once: a business unit, and profiles of the CA that issues for it. */
export function* insertFirstProfiles(
  transaction: Transaction,
  account: Pick<AccountRecord, 'id' | 'name'>,
  authorityId: AuthorityId,
  at: Instant,
  caller: Caller,
): Program<void> {
  const unit: BusinessUnit = {
    id: yield* transaction.collection(businessUnits).nextId(),
    accountId: account.id,
    name: account.name,
    isActive: true,
    licensedSeats: [],
    createdAt: at,
  }
  if (!(yield* transaction.collection(businessUnits).insert(unit))) return
  const told = { at, actor: caller.actor, accountId: account.id, requestId: caller.requestId }
  transaction.record({
    ...told,
    action: 'business-unit.created',
    object: `business-unit:${unit.id}`,
    detail: { name: unit.name },
  })
  for (const { name, keyKinds } of ready) {
    const profile: CertificateProfile = {
      ...usualProfile,
      id: yield* transaction.collection(certificateProfiles).nextId(),
      accountId: account.id,
      businessUnitId: unit.id,
      name,
      keyKinds,
      authorityId,
      createdAt: at,
    }
    yield* transaction.collection(certificateProfiles).insert(profile)
    transaction.record({
      ...told,
      action: 'certificate-profile.created',
      object: `certificate-profile:${profile.id}`,
      detail: { name, authority: authorityId },
    })
  }
}
