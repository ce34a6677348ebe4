import { type ApiKeyRole, apiKeyRoles } from '../accounts/account.ts'
import { type AccountId, accountId, type Instant } from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'

const states = ['active', 'inactive', 'pending', 'deleted'] as const

/** A person, or a program that acts like one (`isApiOnly`). Owns API keys; its role bounds what they may do. */
export interface User {
  readonly id: number
  readonly accountId: AccountId
  readonly containerId: number
  /** Unique in the installation, lower case. */
  readonly username: string
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly jobTitle: string
  readonly telephone: string
  readonly role: ApiKeyRole
  /**
   * `pending` until the person has set a password; keys work all the same. `deleted` keeps what the user did
   * attributed to him, and nobody sees him.
   */
  readonly status: (typeof states)[number]
  readonly isApiOnly: boolean
  /** Containers besides `containerId` that the user sees, with what is below them. */
  readonly containerAssignments: readonly number[]
  readonly createdAt: Instant
  readonly lastLoginAt: Instant | null
}

const columns = {
  username: 'text',
  email: 'text',
  first_name: 'text',
  last_name: 'text',
  container_id: 'integer',
  role: 'text',
  status: 'text',
  is_api_only: 'flag',
} as const

export const users = {
  name: 'account_user',
  columns,
  isConfiguration: true,
  unique: [['username']],
  values: (user) => ({
    username: user.username,
    email: user.email,
    first_name: user.firstName,
    last_name: user.lastName,
    container_id: user.containerId,
    role: user.role,
    status: user.status,
    is_api_only: user.isApiOnly ? 1 : 0,
  }),
  parse(document) {
    const read = new DocumentReader(document, 'user')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      containerId: read.integer('containerId'),
      username: read.text('username'),
      firstName: read.text('firstName'),
      lastName: read.text('lastName'),
      email: read.text('email'),
      jobTitle: read.text('jobTitle'),
      telephone: read.text('telephone'),
      role: read.member('role', apiKeyRoles),
      status: read.member('status', states),
      isApiOnly: read.flag('isApiOnly'),
      containerAssignments: read.integers('containerAssignments'),
      createdAt: read.integer('createdAt'),
      lastLoginAt: read.integerOrNull('lastLoginAt'),
    }
  },
} as const satisfies CollectionDefinition<User, keyof typeof columns>
