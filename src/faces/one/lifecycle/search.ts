import { parseDateTime } from '../../../core/days.ts'
import { businessUnits } from '../../../core/lifecycle/business-unit.ts'
import { attributeTerm, inventory, ownerTerm, tagTerm } from '../../../core/lifecycle/inventory.ts'
import { seats } from '../../../core/lifecycle/seat.ts'
import { seatTypes } from '../../../core/lifecycle/seat-types.ts'
import type { Condition } from '../../../core/store/collection.ts'
import type { Call } from '../call.ts'
import { hexIdOf, readId, uuidOf } from '../ids.ts'
import { type WindowBounds, windowWithin } from '../query.ts'
import { refuseParameter } from '../refusal.ts'
import { paged, type Window } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { readHex, readSerialNumber } from '../values.ts'
import { certificateView, statusOf, surroundingsOf } from './certificate-view.ts'

type Column = keyof typeof inventory.columns
type Where = readonly Condition<Column>[]

const view = { api: 'mpki', method: 'GET', access: 'VIEW_EM_CERTIFICATE' } as const

const bounds: WindowBounds = { usual: 20, most: 100, deepest: 10_000 }

export const searchRoutes = [
  defineRoute({ ...view, path: '/v1/certificate-search', tier: 'A', handler: search }),
  // One client asks here for the same list.
  defineRoute({ ...view, path: '/v1/certificate', tier: 'C', handler: search }),
  // The same client tries this address before, with the page in the body.
  defineRoute({
    ...view,
    method: 'POST',
    path: '/v1/certificate/search',
    tier: 'C',
    handler(call) {
      const offset = call.body.integer('offset', 0, Number.MAX_SAFE_INTEGER)
      const limit = call.body.integer('limit', 1, Number.MAX_SAFE_INTEGER)
      call.body.check()
      return searchWithin(call, windowWithin(bounds, offset, limit))
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/certificate-search/summary',
    tier: 'B',
    async handler(call) {
      const { engine, account, query } = call
      call.requireAccountInQuery()
      query.choice('issuer_type', ['private_ca'])
      const window = query.window({ usual: 100, most: 1000, deepest: 2 ** 31 - 1 })
      const now = engine.clock.now()
      const status = query.choice('status', statuses) ?? 'issued'
      const { items, total } = await engine.store.read((each) =>
        each
          .collection(inventory)
          .list({ accountId: account.id, where: statusConditions(status, now), ...window }),
      )
      return paged(
        items.map((item) => ({
          id: uuidOf('certificate', item.id),
          ca_cert_id: item.authorityId === null ? '' : hexIdOf('authority', item.authorityId),
          status: statusOf(item, now),
          serial_number: item.serialNumber,
          thumbprint: item.thumbprint,
        })),
        total,
        window,
      )
    },
  }),
] as const

const statuses = ['issued', 'revoked', 'expired', 'suspended'] as const

const sortable = {
  common_name: 'common_name',
  serial_number: 'serial_number',
  status: 'status',
  valid_from: 'not_before',
  valid_to: 'not_after',
  issuing_ca_name: 'issuer_name',
} as const satisfies Readonly<Record<string, Column>>

function search(call: Call) {
  return searchWithin(call, call.query.window(bounds))
}

async function searchWithin(call: Call, window: Window) {
  const { engine, account, query } = call
  const now = engine.clock.now()
  const where = [
    ...plainConditions(call, now),
    ...(await seatConditions(call)),
    ...(await unitConditions(call)),
    ...(await issuerConditions(call)),
  ]
  const sort = query.sort<Column>(sortable)
  const { items, total } = await engine.store.read((each) =>
    each.collection(inventory).list({ accountId: account.id, where, sort, ...window }),
  )
  const around = await surroundingsOf(call, items)
  return paged(
    items.map((item) => certificateView(item, around, now)),
    total,
    window,
  )
}

/** Filters that are columns of their own. */
function plainConditions({ query }: Call, now: number): Where {
  const where: Condition<Column>[] = []
  const equal = (column: Column, value: string | number | undefined) => {
    if (value !== undefined) where.push({ column, is: 'any-of', values: [value] })
  }
  equal('profile_id', query.id('profile_id', 'profile'))
  equal('business_unit_id', query.id('business_unit_id', 'business-unit'))
  equal('enrollment_id', query.id('enrollment_id', 'enrollment'))
  equal('authority_id', query.id('issuing_ca_id', 'authority'))
  equal('seat_type', query.choice('seat_type_id', [...seatTypes, 'UNMANAGED_SEAT']))
  equal('serial_number', hexOf(query.text('serial_number'), readSerialNumber))
  equal(
    'thumbprint',
    hexOf(query.text('thumbprint'), (text) => readHex(text, 64)),
  )
  equal(
    'aki',
    hexOf(query.text('aki'), (text) => readHex(text, 128)),
  )
  const commonName = query.text('common_name')
  if (commonName !== undefined) where.push({ column: 'common_name', is: 'contains', text: commonName })
  const issuerName = query.text('issuing_ca_name')
  if (issuerName !== undefined) where.push({ column: 'issuer_name', is: 'contains', text: issuerName })
  const status = query.choice('status', statuses)
  if (status !== undefined) where.push(...statusConditions(status, now))
  where.push(...dateConditions(query.text('valid_from'), 'valid_from', 'not_before'))
  where.push(...dateConditions(query.text('valid_to'), 'valid_to', 'not_after'))
  for (const tag of query.texts('tags')) where.push({ is: 'term', text: tagTerm(tag) })
  for (const owner of query.texts('cert_owners')) {
    where.push({ is: 'term', text: ownerTerm(readId('owner', owner) ?? 0) })
  }
  for (const attribute of query.texts('custom_attributes')) {
    const [id = '', ...value] = attribute.split(/[:=]/)
    where.push({ is: 'term', text: attributeTerm(id, value.join('=')) })
  }
  return where
}

/** Expired is what has ended and was not revoked before. */
function statusConditions(status: (typeof statuses)[number], now: number): Where {
  switch (status) {
    case 'expired':
      return [
        { column: 'status', is: 'any-of', values: ['issued', 'suspended'] },
        { column: 'not_after', is: 'between', to: now - 1 },
      ]
    case 'revoked':
      return [{ column: 'status', is: 'any-of', values: ['revoked'] }]
    default:
      return [
        { column: 'status', is: 'any-of', values: [status] },
        { column: 'not_after', is: 'between', from: now },
      ]
  }
}

/** Nothing has what is no hex. */
function hexOf(written: string | undefined, read: (text: string) => string | undefined): string | undefined {
  return written === undefined ? undefined : (read(written) ?? '')
}

const dayMs = 86_400_000

/** A day or date-time alone, or a range of them: `A_B`, `A_`, `_B`. */
function dateConditions(written: string | undefined, parameter: string, column: Column): Where {
  if (written === undefined) return []
  const [first = '', last] = written.split('_', 2)
  const from = first === '' ? undefined : spanOf(first, parameter).from
  const to =
    last === undefined ? spanOf(first, parameter).to : last === '' ? undefined : spanOf(last, parameter).to
  if (from === undefined && to === undefined) throw refuseParameter('parameter_invalid', parameter)
  return [{ column, is: 'between', ...(from !== undefined && { from }), ...(to !== undefined && { to }) }]
}

/** A day counts whole, a date-time with its second. @throws Refusal parameter_invalid */
function spanOf(text: string, parameter: string): { readonly from: number; readonly to: number } {
  const written = text.trim()
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(written)
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/i.test(written)
  const zoned = isDay
    ? `${written}T00:00:00Z`
    : /(Z|[+-]\d{2}:\d{2})$/i.test(written)
      ? written
      : `${written}Z`
  const from = isDay || isTime ? parseDateTime(zoned) : undefined
  if (from === undefined) throw refuseParameter('parameter_invalid', parameter)
  return { from, to: from + (isDay ? dayMs - 1 : 999) }
}

const mostSeats = 1000

/** Seats are named by the caller's own ids, of which there may be one of each type and unit. */
async function seatConditions({ engine, account, query }: Call): Promise<Where> {
  const seatId = query.text('seat_id')
  if (seatId === undefined) return []
  const found = await engine.store.read((each) =>
    each.collection(seats).withValue(account.id, 'seat_id', seatId, mostSeats),
  )
  return [{ column: 'seat_id', is: 'any-of', values: found.length === 0 ? [0] : found.map(({ id }) => id) }]
}

async function unitConditions({ engine, account, query }: Call): Promise<Where> {
  const name = query.text('business_unit_name')
  if (name === undefined) return []
  const [found] = await engine.store.read((each) =>
    each.collection(businessUnits).withValue(account.id, 'name_key', name.toLowerCase(), 1),
  )
  return [{ column: 'business_unit_id', is: 'any-of', values: [found?.id ?? 0] }]
}

/** CAs, deleted ones among them, that had a certificate with this serial number: in hex, or in decimal as profiles tell it. */
async function issuerConditions({ engine, account, query }: Call): Promise<Where> {
  const written = query.text('issuing_ca_serial_number')
  if (written === undefined) return []
  const readings = [readSerialNumber(written), hexOfDecimal(written)]
  const ids = await engine.store.read(function* (each) {
    const found: number[] = []
    for (const hex of readings) {
      if (hex !== undefined) {
        found.push(...(yield* each.authorities.withSerialNumber(account.id, Buffer.from(hex, 'hex'))))
      }
    }
    return found
  })
  return [{ column: 'authority_id', is: 'any-of', values: ids.length === 0 ? [0] : ids }]
}

/** The longest serial number, 20 octets, has 49 digits. */
function hexOfDecimal(text: string): string | undefined {
  return /^[0-9]{1,49}$/.test(text) ? readSerialNumber(BigInt(text).toString(16)) : undefined
}
