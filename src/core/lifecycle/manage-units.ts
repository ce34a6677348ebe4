import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { OnceBinding } from '../limits/once.ts'
import { requireVersion } from '../version.ts'
import { type BusinessUnit, businessUnits } from './business-unit.ts'
import { certificateProfiles } from './certificate-profile.ts'

/** @throws Fault name_taken */
export function createUnit(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  { account }: Pick<Member, 'account'>,
  request: Pick<BusinessUnit, 'name' | 'licensedSeats'>,
  caller: Caller,
  binding: OnceBinding,
): Promise<BusinessUnit> {
  return store.write(function* (transaction) {
    const createdAt = clock.now()
    const unit: BusinessUnit = {
      ...request,
      id: yield* transaction.collection(businessUnits).nextId(),
      accountId: account.id,
      isActive: true,
      createdAt,
    }
    if (!(yield* transaction.collection(businessUnits).insert(unit))) {
      throw new Fault('name_taken', { parameter: 'name', name: unit.name })
    }
    transaction.record({
      action: 'business-unit.created',
      at: createdAt,
      actor: caller.actor,
      accountId: account.id,
      object: `business-unit:${unit.id}`,
      requestId: caller.requestId,
      detail: { name: unit.name },
    })
    yield* binding.bind(transaction, { id: unit.id })
    return unit
  })
}

const mostProfiles = 1_000

/**
 * Ends a business unit, which may have no profiles any more; its certificates stay.
 * @throws Fault business_unit_unknown, version_conflict, state_refused
 */
export function deleteUnit(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  { account }: Pick<Member, 'account'>,
  id: number,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* transaction.collection(businessUnits).hold(account.id, id)
    if (held?.isActive !== true) throw new Fault('business_unit_unknown', {})
    requireVersion(held, expected)
    const profiles = yield* transaction
      .collection(certificateProfiles)
      .withValue(account.id, 'business_unit_id', id, mostProfiles)
    if (profiles.some(({ status }) => status !== 'Deleted')) {
      throw new Fault('state_refused', {
        object: 'business-unit',
        state: 'in use by certificate profiles',
        parameter: 'id',
      })
    }
    yield* transaction.collection(businessUnits).replace({ ...held, isActive: false })
    transaction.record({
      action: 'business-unit.deleted',
      at: clock.now(),
      actor: caller.actor,
      accountId: account.id,
      object: `business-unit:${id}`,
      requestId: caller.requestId,
      detail: { name: held.name },
    })
  })
}
