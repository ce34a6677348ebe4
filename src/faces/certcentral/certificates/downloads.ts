import { Fault } from '../../../core/faults.ts'
import { findOrder, findOrderCertificate } from '../../../core/orders/find-order.ts'
import { type IssuedOrderCertificate, loadIssued } from '../../../core/orders/issued-certificate.ts'
import { loadCertificate } from '../../../core/orders/load-order-details.ts'
import type { Order, OrderCertificate } from '../../../core/orders/order.ts'
import { certificatesOf } from '../../../core/orders/order-changes/order-certificates.ts'
import { subIds } from '../../../core/orders/sub-ids.ts'
import type { Program } from '../../../core/store/program.ts'
import type { View } from '../../../core/store/store.ts'
import type { Call } from '../call.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { download, type FormatName, formatOf } from './formats.ts'
import { formatOfPlatform, formatOfPlatformText } from './platform-formats.ts'

/** `Accept` counts for nothing here: callers name whatever their library sends, and want the file. */
const fileRoute = {
  method: 'GET',
  resource: 'certificates',
  right: 'view',
  tier: 'A',
  answers: 'file',
} as const

/** Certificates as files. */
export const downloadRoutes: readonly Route[] = [
  defineRoute({
    ...fileRoute,
    path: '/certificate/:id/download/format/:format',
    async handler(call) {
      return download(await byIdentifier(call), namedFormat(call.pathText('format'), 'format'))
    },
  }),
  defineRoute({
    ...fileRoute,
    path: '/certificate/:id/download/platform',
    handler: async (call) => platformDownload(await byIdentifier(call)),
  }),
  defineRoute({
    ...fileRoute,
    path: '/certificate/:id/download/platform/:platform_id',
    async handler(call) {
      const issued = await byIdentifier(call)
      const format = formatOfPlatformText(call.pathText('platform_id'))
      if (format === undefined) throw refuse('invalid_value', 'platform_id')
      return download(issued, format)
    },
  }),
  defineRoute({
    ...fileRoute,
    path: '/certificate/download/order/:order_id',
    async handler(call) {
      const subId = call.query.text('subId') ?? call.query.text('sub_id')
      const issued = await ofOrder(call, subId)
      const format = call.query.text('formatType') ?? call.query.text('format_type')
      return format === undefined
        ? platformDownload(issued)
        : download(issued, namedFormat(format, 'formatType'))
    },
  }),
  defineRoute({
    ...fileRoute,
    path: '/certificate/download/order/:order_id/format/:format',
    async handler(call) {
      const issued = await ofOrder(call, undefined)
      return download(issued, namedFormat(call.pathText('format'), 'format'))
    },
  }),
]

/** @throws Refusal invalid_value */
function namedFormat(text: string, parameter: string): FormatName {
  const format = formatOf(text)
  if (format === undefined) throw refuse('invalid_value', parameter)
  return format
}

function platformDownload(issued: IssuedOrderCertificate): Reply {
  return download(issued, formatOfPlatform(issued.certificate.content.serverPlatformId))
}

async function byIdentifier(call: Call<'id'>): Promise<IssuedOrderCertificate> {
  const { engine, principal } = call
  const identifier = call.pathText('id')
  return engine.store.read(function* (view) {
    const { certificate } = yield* findOrderCertificate(view, principal, identifier)
    return yield* loadFile(view, certificate)
  })
}

async function ofOrder(call: Call<'order_id'>, subId: string | undefined): Promise<IssuedOrderCertificate> {
  const { engine, principal } = call
  return engine.store.read(function* (view) {
    const order = yield* findOrder(view, principal, call.pathText('order_id'))
    const certificate =
      subId === undefined ? yield* loadCertificate(view, order) : yield* duplicateOf(view, order, subId)
    return yield* loadFile(view, certificate)
  })
}

/** @throws Refusal cert_unavailable_processing while it is to be issued; Fault object_unknown */
function* loadFile(view: View, certificate: OrderCertificate): Program<IssuedOrderCertificate> {
  if (certificate.status === 'pending') throw refuse('cert_unavailable_processing')
  return yield* loadIssued(view, certificate)
}

/** @throws Fault object_unknown */
function* duplicateOf(view: View, order: Order, subId: string): Program<OrderCertificate> {
  const duplicates = yield* certificatesOf(view, order, 'duplicate')
  const numbers = subIds(duplicates)
  const wanted = subId.padStart(3, '0')
  const duplicate = duplicates.find(({ id }) => numbers.get(id) === wanted)
  if (duplicate === undefined) throw new Fault('object_unknown', { object: 'certificate' })
  return duplicate
}
