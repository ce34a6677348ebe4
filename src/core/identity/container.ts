import { type AccountId, accountId, type Instant } from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'

/** A division of an account: what its users see, and what may be ordered in it. The root has no parent. */
export interface Container {
  readonly id: number
  readonly accountId: AccountId
  readonly parentId: number | null
  /** Opaque lower-case names for links. */
  readonly publicId: string
  readonly ekey: string
  readonly name: string
  readonly description: string
  readonly templateId: number
  readonly isActive: boolean
  /** Empty: every name may be ordered. Otherwise these domains and what is below them. */
  readonly allowedDomainNames: readonly string[]
  readonly createdAt: Instant
}

const columns = { parent_id: 'integer', is_active: 'flag' } as const

export const containers = {
  name: 'container',
  columns,
  isConfiguration: true,
  values: (container) => ({ parent_id: container.parentId, is_active: container.isActive ? 1 : 0 }),
  parse(document) {
    const read = new DocumentReader(document, 'container')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      parentId: read.integerOrNull('parentId'),
      publicId: read.text('publicId'),
      ekey: read.text('ekey'),
      name: read.text('name'),
      description: read.text('description'),
      templateId: read.integer('templateId'),
      isActive: read.flag('isActive'),
      allowedDomainNames: read.texts('allowedDomainNames'),
      createdAt: read.integer('createdAt'),
    }
  },
} as const satisfies CollectionDefinition<Container, keyof typeof columns>
