import { accountEvent, accountEvents, type LoggedEvent } from '../../core/audit/account-log.ts'
import type { Action, Event } from '../../core/audit/event.ts'
import { clientCertificates } from '../../core/client-certificates/client-certificate.ts'
import { parseDateTime, parseDay } from '../../core/days.ts'
import { Fault } from '../../core/faults.ts'
import { users } from '../../core/identity/user.ts'
import { seatTypes } from '../../core/lifecycle/seat-types.ts'
import { scalarText } from '../json-values.ts'
import type { Api } from './api.ts'
import { isAbout, unitOfEvent } from './audit-facts.ts'
import type { Call } from './call.ts'
import { uuidOf } from './ids.ts'
import type { Sorting } from './query.ts'
import { refuseParameter } from './refusal.ts'
import { ok, paged } from './reply.ts'
import { defineRoute } from './route.ts'

const statuses = ['success', 'warning', 'failure'] as const
const dayMs = 86_400_000
const usualDays = 7

/** The audit log of the account, the same for both APIs that have one. */
export function auditLogRoutes<const A extends Api>(
  api: A,
  access: 'VIEW_AM_AUDIT_LOG' | 'VIEW_EM_AUDIT_LOG',
) {
  const view = { api, method: 'GET', access } as const
  return [
    defineRoute({
      ...view,
      path: '/v1/audit-log',
      tier: 'B',
      async handler(call) {
        const window = call.query.window()
        const found = await asked(call)
        const page = sorted(found, call.query.sort(sortable)).slice(
          window.offset,
          window.offset + window.limit,
        )
        const items: Awaited<ReturnType<typeof eventView>>[] = []
        for (const each of page) items.push(await eventView(call, each))
        return paged(items, found.length, window)
      },
    }),
    defineRoute({
      ...view,
      path: '/v1/audit-log/count',
      tier: 'C',
      handler: async (call) => ok({ count: (await asked(call)).length }),
    }),
    defineRoute({
      ...view,
      path: '/v1/audit-log/:id',
      tier: 'B',
      async handler(call) {
        const place = readPlace(call.pathText('id'))
        const { engine, account } = call
        const found =
          place === undefined
            ? undefined
            : await accountEvent(engine.store, account.id, place.chain, place.sequence)
        if (found === undefined) throw new Fault('object_unknown', { object: 'audit-event' })
        return ok(await eventView(call, found))
      },
    }),
  ] as const
}

/** @throws Refusal parameter_invalid, also where more happened than is looked through: `from` has to be later */
async function asked(call: Call): Promise<readonly LoggedEvent[]> {
  const { engine, account, query } = call
  const to = timeOf(query.text('to'), 'to', true) ?? engine.clock.now()
  const from = timeOf(query.text('from'), 'from', false) ?? to - usualDays * dayMs
  const action = query.text('action')?.toLowerCase()
  const types = [
    query.texts('resource_type'),
    query.texts('resource_types').flatMap((each) => each.split(',')),
  ]
    .flat()
    .map((each) => each.trim().toLowerCase())
  const resourceId = query.text('resource_id')
  const facts = query.members('data')
  const object = {
    name: query.text('resource_name')?.toLowerCase(),
    seatId: query.text('seat_id'),
    seatType: query.choice('seat_type_id', seatTypes),
  }
  const wanted = query.texts('status').map((each) => {
    const status = statuses.find((known) => known === each.toLowerCase())
    if (status === undefined) throw refuseParameter('parameter_invalid', 'status')
    return status
  })
  const found = await accountEvents(engine.store, {
    accountId: account.id,
    from,
    to,
    matches: (event) =>
      (action === undefined || event.action.includes(action) || publishedAction(event.action) === action) &&
      (types.length === 0 || isOfType(event, types)) &&
      (resourceId === undefined || resourceIdOf(event) === resourceId) &&
      (wanted.length === 0 || wanted.includes(statusOf(event.action))) &&
      facts.every(([name, value]) => hasFact(event, name, value)) &&
      isAbout(event, object),
  })
  if (found === undefined) throw refuseParameter('parameter_invalid', 'from')
  const name = (query.text('user_name') ?? query.text('admin_name'))?.toLowerCase()
  const adminId = query.text('admin_id')
  if (name === undefined && adminId === undefined) return found
  const kept: LoggedEvent[] = []
  for (const each of found) {
    const user = await userOf(call, each.event)
    const isNamed = name === undefined || String(user?.name).toLowerCase().includes(name)
    if (user !== undefined && isNamed && (adminId === undefined || user.id === adminId)) kept.push(each)
  }
  return kept
}

type SortKey = 'timestamp' | 'action' | 'resource_type' | 'status'

const sortable: { readonly [Key in SortKey]: Key } = {
  timestamp: 'timestamp',
  action: 'action',
  resource_type: 'resource_type',
  status: 'status',
}

const sortValues: { readonly [Key in SortKey]: (event: Event) => string | number } = {
  timestamp: ({ at }) => at,
  action: ({ action }) => action,
  resource_type: resourceTypeOf,
  status: ({ action }) => statusOf(action),
}

/** Equals stay newest first, as everything does where no order is asked for. */
function sorted(found: readonly LoggedEvent[], order: readonly Sorting<SortKey>[]): readonly LoggedEvent[] {
  if (order.length === 0) return found
  return found.toSorted((one, other) => {
    for (const { column, descending } of order) {
      const [a, b] = [sortValues[column](one.event), sortValues[column](other.event)]
      if (a !== b) return a < b === descending ? 1 : -1
    }
    return 0
  })
}

async function eventView(call: Call, { chain, sequence, event }: LoggedEvent) {
  const { before, after, ...others } = event.detail
  return {
    id: `${chain}:${sequence}`,
    account: { id: uuidOf('account', call.account.id) },
    business_unit: unitOfEvent(event),
    resource_type: resourceTypeOf(event),
    resource_id: resourceIdOf(event),
    action: event.action,
    user: await userOf(call, event),
    timestamp: new Date(event.at).toISOString(),
    description: event.action.replaceAll(/[.-]/g, ' '),
    status: statusOf(event.action),
    error_message: typeof event.detail.fault === 'string' ? event.detail.fault : undefined,
    request_id: event.requestId ?? undefined,
    data: JSON.stringify(before === undefined ? others : { before }),
    new_data: after === undefined ? undefined : JSON.stringify({ after }),
  }
}

/** `certificate:41` is the certificate 41. */
function resourceTypeOf({ object }: Event): string {
  return object.split(':', 1)[0] ?? ''
}
const resourceIdOf = ({ object }: Event): string => object.slice(object.indexOf(':') + 1)

const isOfType = (event: Event, types: readonly string[]): boolean => {
  const type = resourceTypeOf(event)
  return types.includes(type) || types.includes(publishedTypes.get(type) ?? type.replaceAll('-', '_'))
}

/** Types of resources that are published by another name; filters take both. */
const publishedTypes: ReadonlyMap<string, string> = new Map([
  ['certificate', 'end_entity_certificate'],
  ['inventory-certificate', 'end_entity_certificate'],
  ['certificate-profile', 'profile'],
])

/** What is published of an action: `certificate.issued` is a `create`; undefined where nothing is. */
function publishedAction(action: Action): string | undefined {
  return publishedActions.get(action.slice(action.indexOf('.') + 1))
}

const publishedActions: ReadonlyMap<string, string> = new Map([
  ['created', 'create'],
  ['issued', 'create'],
  ['changed', 'update'],
  ['annotated', 'update'],
  ['deleted', 'delete'],
  ['held', 'suspend'],
  ['reinstated', 'resume'],
  ['imported', 'import'],
  ['revoked', 'revoke'],
])

/** Whether an event tells a fact, of itself or in its data. */
function hasFact(event: Event, name: string, value: string): boolean {
  if (name === 'resource_type') return isOfType(event, [value.toLowerCase()])
  if (name === 'resource_id') return resourceIdOf(event) === value
  const told = Object.hasOwn(event.detail, name) ? event.detail[name] : undefined
  return scalarText(told)?.toLowerCase() === value.toLowerCase()
}

function statusOf(action: Action): (typeof statuses)[number] {
  if (action.endsWith('refused') || action.endsWith('aborted') || action.endsWith('closed')) return 'failure'
  return action === 'credential.ending' ? 'warning' : 'success'
}

/** Who did it: service users by their friendly names. */
async function userOf(
  { engine, account }: Call,
  { actor }: Event,
): Promise<{ readonly id: string; readonly name: string } | undefined> {
  if (actor.type !== 'api-key' && actor.type !== 'client-certificate') return undefined
  const user = await engine.store.read(function* (view) {
    const key = actor.type === 'api-key' ? yield* view.accounts.apiKey(actor.publicId) : undefined
    const [certificate] =
      actor.type === 'client-certificate'
        ? yield* view
            .collection(clientCertificates)
            .anyBetween('fingerprint', actor.fingerprint, actor.fingerprint, 0, 1)
        : []
    const userId = key?.userId ?? certificate?.userId
    return userId == null ? undefined : yield* view.collection(users).byId(account.id, userId)
  })
  if (user === undefined) return undefined
  return { id: uuidOf('user', user.id), name: `${user.firstName} ${user.lastName}`.trim() }
}

/** A day, which counts whole, or a date-time. @throws Refusal parameter_invalid */
function timeOf(text: string | undefined, name: string, isEnd: boolean): number | undefined {
  if (text === undefined) return undefined
  const day = parseDay(text)
  if (day !== undefined) return isEnd ? day + dayMs - 1 : day
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/.test(text)
  const time = isTime ? parseDateTime(text) : undefined
  if (time === undefined) throw refuseParameter('parameter_invalid', name)
  return time
}

function readPlace(text: string): { readonly chain: string; readonly sequence: number } | undefined {
  const at = text.lastIndexOf(':')
  const sequence = Number(text.slice(at + 1))
  if (at < 1 || !Number.isSafeInteger(sequence) || sequence < 1) return undefined
  return { chain: text.slice(0, at), sequence }
}
