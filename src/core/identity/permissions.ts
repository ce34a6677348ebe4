import type { ApiKeyRestriction, ApiKeyRole } from '../accounts/account.ts'

/** What rights are about. `self` is what every key may see: whose it is and what it may. */
export type Resource =
  | 'self'
  | 'orders'
  | 'requests'
  | 'certificates'
  | 'domains'
  | 'organizations'
  | 'products'
  | 'containers'
  | 'users'
  | 'keys'
  | 'account'
  | 'custom-fields'
  | 'auth-keys'
  | 'finance'
  | 'reports'
  | 'webhooks'
  | 'subaccounts'

export type Right = 'view' | 'manage' | 'approve'

const everybody = ['administrator', 'manager', 'finance', 'standard', 'limited'] as const
const managers = ['administrator', 'manager'] as const
const payers = ['administrator', 'manager', 'finance'] as const
const administrator = ['administrator'] as const
const nobody = [] as const

/**
 * Which roles have which right. Beside it: the limited role sees its own orders only, orders of the standard and
 * the limited role need approval, and only administrators make or change administrators.
 */
const rights: { readonly [R in Resource]: { readonly [T in Right]: readonly ApiKeyRole[] } } = {
  self: { view: everybody, manage: nobody, approve: nobody },
  orders: { view: everybody, manage: everybody, approve: managers },
  requests: { view: everybody, manage: everybody, approve: managers },
  certificates: { view: everybody, manage: everybody, approve: managers },
  domains: { view: everybody, manage: managers, approve: managers },
  organizations: { view: everybody, manage: managers, approve: managers },
  products: { view: everybody, manage: administrator, approve: nobody },
  containers: { view: everybody, manage: administrator, approve: nobody },
  users: { view: managers, manage: managers, approve: nobody },
  keys: { view: administrator, manage: administrator, approve: nobody },
  account: { view: everybody, manage: administrator, approve: nobody },
  'custom-fields': { view: everybody, manage: administrator, approve: nobody },
  'auth-keys': { view: administrator, manage: administrator, approve: nobody },
  finance: { view: payers, manage: payers, approve: nobody },
  reports: { view: payers, manage: payers, approve: nobody },
  webhooks: { view: administrator, manage: administrator, approve: nobody },
  subaccounts: { view: administrator, manage: administrator, approve: nobody },
}

/** Every resource, in the order of the table. */
export const resources = Object.keys(rights) as readonly Resource[]

/** The resources that a restriction leaves; products can be seen by whoever may order them. */
const reach: { readonly [R in Exclude<ApiKeyRestriction, 'view'>]: readonly Resource[] } = {
  orders: ['self', 'orders', 'requests', 'certificates'],
  'orders-domains-organizations': ['self', 'orders', 'requests', 'certificates', 'domains', 'organizations'],
  users: ['self', 'users'],
}

/** What belongs to the whole account: who sees a part of it only does not change it. */
const accountWide: readonly Resource[] = [
  'products',
  'account',
  'custom-fields',
  'auth-keys',
  'webhooks',
  'subaccounts',
]

export function rolePermits(role: ApiKeyRole, resource: Resource, right: Right): boolean {
  return rights[resource][right].includes(role)
}

/** `view` leaves what only reads, of everything; the others leave everything, of some resources. */
export function restrictionPermits(
  restriction: ApiKeyRestriction | null,
  resource: Resource,
  right: Right,
): boolean {
  if (restriction === null) return true
  if (restriction === 'view') return right === 'view'
  if (resource === 'products' && right === 'view') return restriction !== 'users'
  return reach[restriction].includes(resource)
}

/** Who wants to act: what its user may, its key may at most, what the key is narrowed to, and how much it sees. */
export interface Rights {
  readonly roles: readonly ApiKeyRole[]
  readonly restriction: ApiKeyRestriction | null
  readonly seesWholeAccount: boolean
}

/** Whether the right is there: every role has to have it, and restriction and sight have to leave it. */
export function permits(
  { roles, restriction, seesWholeAccount }: Rights,
  resource: Resource,
  right: Right,
): boolean {
  return (
    (seesWholeAccount || right === 'view' || !accountWide.includes(resource)) &&
    restrictionPermits(restriction, resource, right) &&
    roles.every((role) => rolePermits(role, resource, right))
  )
}
