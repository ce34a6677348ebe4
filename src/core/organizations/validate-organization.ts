import type { Caller } from '../audit/caller.ts'
import type { AccountId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Order } from '../orders/order.ts'
import { orders } from '../orders/orders.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
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
 * orders that waited for it go on. They are made due after that, some in each transaction: those that a process which
 * ends leaves out are looked at in their turn, at least once a day.
 * @throws Fault object_unknown; organization_inactive; parameter_invalid (`until`) for an end that is over or later
 *   than the rules of the day allow
 */
export async function validateOrganization(
  engine: Pick<Engine, 'clock' | 'random' | 'store'>,
  id: number,
  approval: OrganizationApproval,
  caller: Caller,
): Promise<ValidatedOrganization> {
  const validated = await recordValidation(engine, id, approval, caller)
  return { ...validated, woken: await wakeOrders(engine, validated.organization) }
}

function recordValidation(
  engine: Pick<Engine, 'clock' | 'random' | 'store'>,
  id: number,
  { types: wanted, until }: OrganizationApproval,
  caller: Caller,
): Promise<Omit<ValidatedOrganization, 'woken'>> {
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
    return { organization, types }
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

/** Orders that are read at a time, and those that one transaction makes due: others do not wait long for it. */
const ORDERS_A_PAGE = 500
const ORDERS_A_TRANSACTION = 100

/**
 * Makes the orders due that wait for an organization, so that the background issues what can be issued.
 * @returns their ids
 */
async function wakeOrders(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  organization: Organization,
): Promise<readonly number[]> {
  const waiting = await store.read((view) => waitingOrders(view, organization))
  const woken: number[] = []
  for (let start = 0; start < waiting.length; start += ORDERS_A_TRANSACTION) {
    const ids = waiting.slice(start, start + ORDERS_A_TRANSACTION)
    woken.push(
      ...(await store.write((transaction) => makeDue(transaction, organization.accountId, ids, clock.now()))),
    )
  }
  return woken
}

/** In order of id, the one in which transactions hold orders. */
function* waitingOrders(
  view: Pick<View, 'collection'>,
  { accountId, id }: Organization,
): Program<readonly number[]> {
  const waiting: number[] = []
  for (;;) {
    const { items } = yield* view.collection(orders).list({
      accountId,
      where: [
        { column: 'organization_id', is: 'any-of', values: [id] },
        { column: 'status', is: 'any-of', values: waitingStatuses },
      ],
      offset: waiting.length,
      limit: ORDERS_A_PAGE,
    })
    waiting.push(...items.map((order) => order.id))
    if (items.length < ORDERS_A_PAGE) return waiting
  }
}

const waitingStatuses: readonly Order['status'][] = ['pending', 'reissue_pending']

function* makeDue(
  transaction: Transaction,
  accountId: AccountId,
  ids: readonly number[],
  at: Instant,
): Program<readonly number[]> {
  const due: number[] = []
  for (const id of ids) {
    const order = yield* transaction.collection(orders).hold(accountId, id)
    if (order === undefined || !waitingStatuses.includes(order.status)) continue
    yield* transaction.collection(orders).replace({ ...order, dueAt: at })
    due.push(id)
  }
  return due
}
