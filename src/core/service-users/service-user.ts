import { isRoleCode, type RoleCode } from '../access/roles.ts'
import { type AccountId, accountId } from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader, DocumentUnsound } from '../store/document.ts'

/**
 * What a program's user has beside what every user has: a name that stands in the audit log, a last day, and roles
 * by application. Kept under the user's own id.
 */
export interface ServiceUser {
  readonly id: number
  readonly accountId: AccountId
  /** Unique in the account, letter case ignored. */
  readonly friendlyName: string
  readonly description: string
  /** Last UTC day the user may do anything, `YYYY-MM-DD`; null for no end. */
  readonly endDate: string | null
  readonly roles: readonly RoleCode[]
}

const columns = { name_key: 'text', end_date: 'text' } as const

export const serviceUsers = {
  name: 'service_user',
  columns,
  isConfiguration: true,
  unique: [['account_id', 'name_key']],
  values: ({ friendlyName, endDate }) => ({ name_key: nameKey(friendlyName), end_date: endDate }),
  parse(document) {
    const read = new DocumentReader(document, 'service user')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      friendlyName: read.text('friendlyName'),
      description: read.text('description'),
      endDate: read.textOrNull('endDate'),
      roles: read.texts('roles').map((code) => {
        if (!isRoleCode(code)) throw new DocumentUnsound('service user roles')
        return code
      }),
    }
  },
} as const satisfies CollectionDefinition<ServiceUser, keyof typeof columns>

/** Names that differ in letter case only are one name. */
export const nameKey = (name: string): string => name.toLowerCase()

const longestName = 100

/** Letters, digits, blanks, dashes and underscores; what a credential or its user is called. */
export function isCredentialName(name: string): boolean {
  return name.length <= longestName && /^[A-Za-z0-9_-](?:[A-Za-z0-9 _-]*[A-Za-z0-9_-])?$/.test(name)
}
