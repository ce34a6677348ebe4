import { type ApiKeyRole, apiKeyRoles } from '../accounts/account.ts'
import { type AccountId, accountId } from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'

/** What may be ordered of one product. */
export interface ProductLimit {
  readonly product: string
  /** Years a certificate may last; null: as the product has it. */
  readonly certificateYears: readonly number[] | null
  /** Years an order may last; null: as the product has it. */
  readonly orderYears: readonly number[] | null
  readonly customExpiration: boolean
}

/** What may be ordered in a container. What is not listed may not. */
export interface ContainerLimits {
  readonly containerId: number
  /** Of whom; null: of everybody who has no limits of his own role there. */
  readonly role: ApiKeyRole | null
  readonly products: readonly ProductLimit[]
}

/** The limits of an account: one object, under the account's own id. An account without has no limits. */
export interface AccountLimits {
  readonly id: number
  readonly accountId: AccountId
  /** One for each container and role. */
  readonly containers: readonly ContainerLimits[]
}

const columns = {} as const

export const accountLimits = {
  name: 'product_limit',
  columns,
  isConfiguration: true,
  values: () => ({}),
  parse(document) {
    const read = new DocumentReader(document, 'product limits')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      containers: read.list('containers', (container) => ({
        containerId: container.integer('containerId'),
        role: container.memberOrNull('role', apiKeyRoles),
        products: container.list('products', (product) => ({
          product: product.text('product'),
          certificateYears: yearsOf(product, 'certificateYears'),
          orderYears: yearsOf(product, 'orderYears'),
          customExpiration: product.flag('customExpiration'),
        })),
      })),
    }
  },
} as const satisfies CollectionDefinition<AccountLimits, keyof typeof columns>

function yearsOf(read: DocumentReader, name: string): readonly number[] | null {
  return read.isNull(name) ? null : read.integers(name)
}
