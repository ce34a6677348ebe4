import { type AccountId, accountId } from '../../src/core/brand.ts'
import type { CollectionDefinition } from '../../src/core/store/collection.ts'
import { DocumentReader } from '../../src/core/store/document.ts'
import type { CollectionTable } from '../../src/store/collections/table.ts'

/** An object with the columns and the size of an order. */
export interface SampleOrder {
  readonly id: number
  readonly accountId: AccountId
  readonly containerId: number
  readonly status: string
  readonly product: string
  readonly commonName: string
  readonly dnsNames: readonly string[]
  readonly serialNumber: string | null
  readonly organizationId: number
  readonly userId: number
  readonly createdAt: number
  readonly validTill: number | null
  readonly updatedAt: number
  readonly alternativeOrderId: string | null
  readonly comments: string
}

export const sampleOrderTable = {
  name: 'sample_order',
  columns: {
    container_id: 'integer',
    status: 'text',
    product: 'text',
    common_name: 'text',
    serial_number: 'text',
    organization_id: 'integer',
    user_id: 'integer',
    created_at: 'instant',
    valid_till: 'instant',
    updated_at: 'instant',
    alternative_order_id: 'text',
  },
  indexes: [
    ['status', 'created_at'],
    ['container_id'],
    ['product'],
    ['common_name'],
    ['serial_number'],
    ['organization_id'],
    ['user_id'],
    ['created_at'],
    ['valid_till'],
  ],
  unique: [['account_id', 'alternative_order_id']],
  searched: true,
  counted: true,
} as const satisfies CollectionTable<string>

export const sampleOrders = {
  name: 'sample_order',
  columns: sampleOrderTable.columns,
  unique: sampleOrderTable.unique,
  counted: ['status', 'container_id', 'product'],
  termColumns: ['common_name'],
  values: (order) => ({
    container_id: order.containerId,
    status: order.status,
    product: order.product,
    common_name: order.commonName,
    serial_number: order.serialNumber,
    organization_id: order.organizationId,
    user_id: order.userId,
    created_at: order.createdAt,
    valid_till: order.validTill,
    updated_at: order.updatedAt,
    alternative_order_id: order.alternativeOrderId,
  }),
  terms: (order) => order.dnsNames,
  parse(document) {
    const read = new DocumentReader(document, 'order')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      containerId: read.integer('containerId'),
      status: read.text('status'),
      product: read.text('product'),
      commonName: read.text('commonName'),
      dnsNames: read.texts('dnsNames'),
      serialNumber: read.textOrNull('serialNumber'),
      organizationId: read.integer('organizationId'),
      userId: read.integer('userId'),
      createdAt: read.integer('createdAt'),
      validTill: read.integerOrNull('validTill'),
      updatedAt: read.integer('updatedAt'),
      alternativeOrderId: read.textOrNull('alternativeOrderId'),
      comments: read.text('comments'),
    }
  },
} as const satisfies CollectionDefinition<SampleOrder, keyof typeof sampleOrderTable.columns>

const PRODUCTS = ['private_ssl_plus', 'ssl_basic', 'ssl_dv_rapidssl', 'ssl_ev_basic', 'client_premium']
const START = Date.UTC(2024, 0, 1)
const MINUTE_MS = 60_000
const YEAR_MS = 365 * 24 * 60 * MINUTE_MS

/** Orders of one account over some years, most of them issued. */
export function* sampleOrdersOf(account: AccountId, count: number): Generator<SampleOrder> {
  for (let id = 1; id <= count; id++) {
    const status =
      id % 10 < 8
        ? 'issued'
        : (['pending', 'needs_approval', 'revoked', 'canceled', 'rejected'][Math.floor(id / 10) % 5] ?? '')
    const createdAt = START + id * MINUTE_MS
    const commonName = commonNameOf(id)
    yield {
      id,
      accountId: account,
      containerId: 1 + (id % 7),
      status,
      product: PRODUCTS[id % PRODUCTS.length] ?? '',
      commonName,
      dnsNames: [commonName, commonName.replace('www', 'api')],
      serialNumber:
        status === 'issued' ? (id * 2_654_435_761).toString(16).toUpperCase().padStart(32, '0') : null,
      organizationId: 1 + (id % 300),
      userId: 1 + (id % 40),
      createdAt,
      validTill: status === 'issued' ? createdAt + YEAR_MS : null,
      updatedAt: createdAt,
      alternativeOrderId: id % 100 === 0 ? `alternative-${id}` : null,
      comments: 'x'.repeat(600),
    }
  }
}

export function commonNameOf(id: number): string {
  return `www${id}.shop${id % 997}.bench.example`
}
