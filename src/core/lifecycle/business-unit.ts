import { type AccountId, accountId, type Instant } from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'
import { type SeatType, seatTypes } from './seat-types.ts'

/** A part of an account that has profiles and seats of its own. */
export interface BusinessUnit {
  readonly id: number
  readonly accountId: AccountId
  /** Unique in the account, letter case ignored. */
  readonly name: string
  readonly isActive: boolean
  /** How many seats of a type there may be; types that are not here are not limited. */
  readonly licensedSeats: readonly { readonly seatType: SeatType; readonly count: number }[]
  readonly createdAt: Instant
}

const columns = { name_key: 'text', is_active: 'flag' } as const

export const businessUnits = {
  name: 'business_unit',
  columns,
  unique: [['account_id', 'name_key']],
  values: ({ name, isActive }) => ({
    name_key: isActive ? name.toLowerCase() : null,
    is_active: isActive ? 1 : 0,
  }),
  parse(document) {
    const read = new DocumentReader(document, 'business unit')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      name: read.text('name'),
      isActive: read.flag('isActive'),
      licensedSeats: read.list('licensedSeats', (each) => ({
        seatType: each.member('seatType', seatTypes),
        count: each.integer('count'),
      })),
      createdAt: read.integer('createdAt'),
    }
  },
} as const satisfies CollectionDefinition<BusinessUnit, keyof typeof columns>
