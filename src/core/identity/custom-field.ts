import { type AccountId, accountId } from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'

export const customFieldTypes = ['anything', 'text', 'int', 'email_address', 'email_list'] as const
export type CustomFieldType = (typeof customFieldTypes)[number]

/** Something that an account wants to be told with each order. */
export interface CustomField {
  readonly id: number
  readonly accountId: AccountId
  /** Unique in the account, letter case ignored. */
  readonly label: string
  readonly description: string
  readonly isRequired: boolean
  readonly isActive: boolean
  readonly type: CustomFieldType
  readonly showInReceipt: boolean
}

const columns = { label: 'text', is_active: 'flag' } as const

export const customFields = {
  name: 'custom_field',
  columns,
  isConfiguration: true,
  unique: [['account_id', 'label']],
  values: (field) => ({ label: field.label.toLowerCase(), is_active: field.isActive ? 1 : 0 }),
  parse(document) {
    const read = new DocumentReader(document, 'custom field')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      label: read.text('label'),
      description: read.text('description'),
      isRequired: read.flag('isRequired'),
      isActive: read.flag('isActive'),
      type: read.member('type', customFieldTypes),
      showInReceipt: read.flag('showInReceipt'),
    }
  },
} as const satisfies CollectionDefinition<CustomField, keyof typeof columns>
