import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { orders } from '../orders/orders.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { tellWebhooks } from '../webhooks/tell-webhooks.ts'
import {
  type Organization,
  type OrganizationValidation,
  organizations,
  type ValidationType,
} from './organization.ts'
import { recordOrganization } from './record-organization.ts'
import { reuseDaysOf, statusOf } from './validation-reuse.ts'

const dayMs = 86_400_000

export interface OrganizationApproval {
  /** Empty: every validation that waits or is over; of an organization that asked for none, `ov`. */
  readonly types: readonly ValidationType[]
  /** The first instant at which they do not hold any more; absent: as long as may be. */
  readonly until?: Instant
}

export interface ValidatedOrganization {
  readonly organization: Organization
  readonly types: readonly ValidationType[]
  /** Orders that waited for it and are looked at next. */
  readonly woken: readonly number[]
}

/**
 * The operator has checked an organization, whatever account it is of: what is asked for holds from now on, and
 * orders that waited for it go on.
 * @throws Fault object_unknown; organization_inactive; parameter_invalid (`until`) for an end that is over or later
 *   than the rules of the day allow
 */
export function validateOrganization(
  engine: Pick<Engine, 'clock' | 'random' | 'store'>,
  id: number,
  { types: wanted, until }: OrganizationApproval,
  caller: Caller,
): Promise<ValidatedOrganization> {
  return engine.store.write(function* (transaction) {
    const found = yield* transaction.collection(organizations).anyById(id)
    const held = found && (yield* transaction.collection(organizations).hold(found.accountId, id))
    if (held === undefined) throw new Fault('object_unknown', { object: 'organization' })
    if (!held.isActive) throw new Fault('organization_inactive', {})
    const at = engine.clock.now()
    const types = typesToValidate(held, wanted, at)
    const approved = types.map((type) => approve(held, type, at, until))
    const others = held.validations.filter(({ type }) => !types.includes(type))
    const organization: Organization = { ...held, validations: [...others, ...approved] }
    yield* transaction.collection(organizations).replace(organization)
    for (const { type, validatedUntil } of approved) {
      recordOrganization(transaction, 'organization.validated', held, at, caller, { type, validatedUntil })
      yield* tellWebhooks(transaction, engine, {
        accountId: held.accountId,
        event: 'organization_validated',
        at,
        organizationId: id,
        validation: type,
        endsAt: validatedUntil,
      })
    }
    return { organization, types, woken: yield* wakeOrders(transaction, organization, at) }
  })
}

function typesToValidate(
  { validations }: Organization,
  wanted: readonly ValidationType[],
  now: Instant,
): readonly ValidationType[] {
  if (wanted.length > 0) return [...new Set(wanted)]
  if (validations.length === 0) return ['ov']
  return validations.filter((each) => statusOf(each, now) !== 'active').map(({ type }) => type)
}

/** @throws Fault parameter_invalid */
function approve(
  { validations }: Organization,
  type: ValidationType,
  at: Instant,
  until: Instant | undefined,
): OrganizationValidation {
  const latest = at + reuseDaysOf(type, at) * dayMs
  if (until !== undefined && (until <= at || until > latest)) {
    const reason = `${type} holds until ${new Date(latest).toISOString()} at the latest`
    throw new Fault('parameter_invalid', { parameter: 'until', reason })
  }
  const before = validations.find((each) => each.type === type)
  return {
    type,
    createdAt: before?.createdAt ?? at,
    status: 'active',
    validatedAt: at,
    validatedUntil: until ?? latest,
    verifiedUsers: before?.verifiedUsers ?? [],
  }
}

const pageLength = 500

/** Makes the orders due that wait for an organization, so that the background issues what can be issued. */
function* wakeOrders(
  transaction: Transaction,
  { accountId, id }: Organization,
  at: Instant,
): Program<readonly number[]> {
  const woken: number[] = []
  for (;;) {
    const { items } = yield* transaction.collection(orders).list({
      accountId,
      where: [
        { column: 'organization_id', is: 'any-of', values: [id] },
        { column: 'status', is: 'any-of', values: ['pending', 'reissue_pending'] },
      ],
      offset: woken.length,
      limit: pageLength,
    })
    for (const { id: orderId } of items) {
      const order = yield* transaction.collection(orders).hold(accountId, orderId)
      if (order !== undefined) yield* transaction.collection(orders).replace({ ...order, dueAt: at })
      woken.push(orderId)
    }
    if (items.length < pageLength) return woken
  }
}
