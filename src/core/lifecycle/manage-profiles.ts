import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { OnceBinding } from '../limits/once.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { requireVersion } from '../version.ts'
import { type CertificateProfile, certificateProfiles } from './certificate-profile.ts'
import { usualProfile } from './first-profiles.ts'
import { visibleUnit } from './sight.ts'
import { lifecycleTemplate } from './templates.ts'

type Fixed =
  | 'name'
  | 'businessUnitId'
  | 'templateId'
  | 'authorityId'
  | 'enrollmentMethod'
  | 'authenticationMethod'
  | 'renewalWindowDays'
  | 'seatIdMapping'

/** What a new profile has to say, and what it may; see `usualProfile` for the rest. */
export type ProfileRequest = Pick<CertificateProfile, Fixed> &
  Partial<Omit<CertificateProfile, Fixed | 'id' | 'accountId' | 'status' | 'createdAt'>>

export type ProfileChanges = Partial<
  Omit<CertificateProfile, 'id' | 'accountId' | 'businessUnitId' | 'templateId' | 'authorityId' | 'createdAt'>
>

/**
 * Makes a profile.
 * @throws Fault business_unit_unknown; parameter_invalid: `template_id`, `ica.id`, `api_token_id`
 */
export function createProfile(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Member,
  request: ProfileRequest,
  caller: Caller,
  binding: OnceBinding,
): Promise<CertificateProfile> {
  return store.write(function* (transaction) {
    const at = clock.now()
    const { account } = by
    yield* visibleUnit(transaction, by, request.businessUnitId)
    const profile: CertificateProfile = {
      ...usualProfile,
      ...request,
      id: yield* transaction.collection(certificateProfiles).nextId(),
      accountId: account.id,
      createdAt: at,
    }
    yield* checkReferences(transaction, by, profile)
    yield* transaction.collection(certificateProfiles).insert(profile)
    transaction.record({
      action: 'certificate-profile.created',
      at,
      actor: caller.actor,
      accountId: account.id,
      object: `certificate-profile:${profile.id}`,
      requestId: caller.requestId,
      detail: { name: profile.name, after: JSON.stringify(profile) },
    })
    yield* binding.bind(transaction, { id: profile.id })
    return profile
  })
}

/**
 * Changes a profile; certificates that it made stay as they are.
 * @throws Fault certificate_profile_unknown, version_conflict, parameter_invalid (`api_token_id`)
 */
export function changeProfile(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Member,
  id: number,
  changes: ProfileChanges,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* transaction.collection(certificateProfiles).hold(by.account.id, id)
    if (held === undefined || held.status === 'Deleted') throw new Fault('certificate_profile_unknown', {})
    requireVersion(held, expected)
    const profile: CertificateProfile = { ...held, ...changes }
    yield* checkReferences(transaction, by, profile)
    yield* transaction.collection(certificateProfiles).replace(profile)
    transaction.record({
      action: 'certificate-profile.changed',
      at: clock.now(),
      actor: caller.actor,
      accountId: by.account.id,
      object: `certificate-profile:${id}`,
      requestId: caller.requestId,
      detail: { before: JSON.stringify(held), after: JSON.stringify(profile) },
    })
  })
}

function* checkReferences(
  transaction: Transaction,
  { account }: Member,
  { templateId, authorityId, boundTokenId }: CertificateProfile,
): Program<void> {
  if (lifecycleTemplate(templateId) === undefined) throw unknown('template_id')
  const authority = yield* transaction.authorities.byId(authorityId)
  if (authority === undefined || authority.accountId !== account.id || authority.status !== 'active') {
    throw unknown('ica.id')
  }
  if (boundTokenId !== null) {
    const key = yield* transaction.accounts.apiKeyById(account.id, boundTokenId)
    if (key === undefined) throw unknown('api_token_id')
  }
}

function unknown(parameter: string): Fault {
  return new Fault('parameter_invalid', { parameter, reason: 'unknown' })
}
