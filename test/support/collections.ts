import { type AccountId, accountId } from '../../src/core/brand.ts'
import type { CollectionDefinition } from '../../src/core/store/collection.ts'
import { DocumentReader } from '../../src/core/store/document.ts'
import type { CollectionTable } from '../../src/store/collections/table.ts'
import { postgresDialect, sqliteDialect } from '../../src/store/dialect.ts'
import { collectionTable } from '../../src/store/migrations/collection-table.ts'
import { migrationTools } from '../../src/store/migrations/migration.ts'
import type { StorePlace } from './stores.ts'

/** A kind of object that only tests know, with a column of every type. */
export interface Parcel {
  readonly id: number
  readonly accountId: AccountId
  readonly status: 'packed' | 'sent' | 'lost'
  readonly shelfId: number | null
  readonly address: string
  readonly sentAt: number | null
  readonly fragile: boolean
  readonly label: string | null
  readonly tracking: string | null
  readonly aliases: readonly string[]
}

export const parcelTable = {
  name: 'parcel',
  columns: {
    status: 'text',
    shelf_id: 'integer',
    address: 'text',
    sent_at: 'instant',
    fragile: 'flag',
    label: 'text',
    tracking: 'text',
  },
  indexes: [['status'], ['address'], ['sent_at']],
  globalIndexes: [['sent_at']],
  unique: [['account_id', 'label']],
  searched: true,
  scattered: ['tracking'],
  counted: true,
} as const satisfies CollectionTable<string>

export const parcels = {
  name: 'parcel',
  columns: parcelTable.columns,
  unique: parcelTable.unique,
  counted: ['status', 'shelf_id'],
  termColumns: ['address'],
  scattered: parcelTable.scattered,
  values: (parcel) => ({
    status: parcel.status,
    shelf_id: parcel.shelfId,
    address: parcel.address,
    sent_at: parcel.sentAt,
    fragile: parcel.fragile ? 1 : 0,
    label: parcel.label,
    tracking: parcel.tracking,
  }),
  terms: (parcel) => [parcel.address.toLowerCase(), ...parcel.aliases],
  parse(document) {
    const read = new DocumentReader(document, 'parcel')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      status: read.member('status', ['packed', 'sent', 'lost']),
      shelfId: read.integerOrNull('shelfId'),
      address: read.text('address'),
      sentAt: read.integerOrNull('sentAt'),
      fragile: read.flag('fragile'),
      label: read.textOrNull('label'),
      tracking: read.textOrNull('tracking'),
      aliases: read.texts('aliases'),
    }
  },
} as const satisfies CollectionDefinition<Parcel, keyof typeof parcelTable.columns>

export function aParcel(changes: Partial<Parcel> = {}): Parcel {
  return {
    id: 1,
    accountId: accountId(1),
    status: 'packed',
    shelfId: null,
    address: 'www.example.test',
    sentAt: null,
    fragile: false,
    label: null,
    tracking: null,
    aliases: [],
    ...changes,
  }
}

/** Makes a collection's table in a place whose store has been opened, as a migration would. */
export async function makeCollection(at: StorePlace, table: CollectionTable<string>): Promise<void> {
  const dialect = 'sqlitePath' in at.location ? sqliteDialect() : postgresDialect()
  for (const statement of collectionTable(migrationTools(dialect), table)) {
    await at.query(statement.compile().sql)
  }
}
