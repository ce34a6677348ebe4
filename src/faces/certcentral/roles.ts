import type { ApiKeyRestriction, ApiKeyRole } from '../../core/accounts/account.ts'
import type { Reader } from './reader.ts'
import type { Members } from './reply.ts'

const roles: { readonly [R in ApiKeyRole]: { readonly id: number; readonly name: string } } = {
  administrator: { id: 1, name: 'Administrator' },
  limited: { id: 2, name: 'Limited User' },
  finance: { id: 3, name: 'Finance Manager' },
  manager: { id: 4, name: 'Manager' },
  standard: { id: 5, name: 'Standard User' },
}

const restrictions: { readonly [R in ApiKeyRestriction]: { readonly id: number; readonly name: string } } = {
  orders: { id: 100, name: 'Orders' },
  'orders-domains-organizations': { id: 101, name: 'Orders, Domains, Organizations' },
  view: { id: 102, name: 'View Only' },
  users: { id: 103, name: 'User Management' },
}

/** An access role as the API shows it: `{id, name}`. */
export const roleView = (role: ApiKeyRole): Members => ({ ...roles[role] })

/** What a key is narrowed to; absent for one that is not. */
export const restrictionView = (restriction: ApiKeyRestriction | null): Members | undefined =>
  restriction === null ? undefined : { ...restrictions[restriction] }

/** The role in `access_roles`, a list of `{id}` with one element; required. */
export function readRole(body: Reader): ApiKeyRole {
  const role = readOptionalRole(body)
  if (role === undefined && !body.has('access_roles')) body.require('access_roles')
  return role ?? 'limited'
}

/** The same where the role may stay as it is. */
export function readOptionalRole(body: Reader): ApiKeyRole | undefined {
  if (!body.has('access_roles')) return undefined
  const ids = body.objects('access_roles').map((element) => element.requiredId('id'))
  const found = roleOf(ids[0])
  if (ids.length !== 1 || found === undefined) body.complain('invalid_value', 'access_roles')
  return found
}

/** `restricted_to_role_id`: null for 0, undefined when it is absent. */
export function readRestriction(body: Reader): ApiKeyRestriction | null | undefined {
  const id = body.integer('restricted_to_role_id')
  if (id === undefined || id === 0) return id === 0 ? null : undefined
  const found = restrictionOf(id)
  if (found === undefined) body.complain('invalid_value', 'restricted_to_role_id')
  return found
}

function roleOf(id: number | undefined): ApiKeyRole | undefined {
  return keyOf(roles, ({ id: each }) => each === id)
}

function restrictionOf(id: number): ApiKeyRestriction | undefined {
  return keyOf(restrictions, ({ id: each }) => each === id)
}

function keyOf<Key extends string, Row>(
  table: { readonly [K in Key]: Row },
  matches: (row: Row) => boolean,
): Key | undefined {
  const keys = Object.keys(table) as Key[]
  return keys.find((key) => matches(table[key]))
}
