import type { ApiKeyRole } from '../accounts/account.ts'
import type { AccountId } from '../brand.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { type Container, containers } from './container.ts'
import type { Principal } from './principal.ts'
import { seesContainer } from './scope.ts'
import { templateOf } from './templates.ts'
import { type User, users } from './user.ts'

const parameters = {
  role: 'access_roles',
  container: 'container.id',
  assignments: 'container_id_assignments',
} as const

/** Only administrators make, change or end administrators. @throws Fault permission_missing */
export function requireMayRule({ rights }: Pick<Principal, 'rights'>, role: ApiKeyRole): void {
  if (role === 'administrator' && rights.roles.some((own) => own !== 'administrator')) {
    throw new Fault('permission_missing', { permission: 'users:administrator' })
  }
}

/**
 * A container that somebody may put a user in.
 * @throws Fault parameter_invalid when it is out of sight, or its template knows no such role
 */
export function* homeOf(
  view: Pick<View, 'collection'>,
  { account, scope }: Pick<Principal, 'account' | 'scope'>,
  containerId: number,
  role: ApiKeyRole,
): Program<Container> {
  const container = yield* view.collection(containers).byId(account.id, containerId)
  if (container === undefined || !seesContainer(scope, containerId)) {
    throw new Fault('parameter_invalid', { parameter: parameters.container, reason: 'unknown container' })
  }
  if (templateOf(container.templateId)?.roles.includes(role) !== true) {
    throw new Fault('parameter_invalid', {
      parameter: parameters.role,
      reason: 'not a role of the container',
    })
  }
  return container
}

/** @throws Fault parameter_invalid when one of them is out of sight */
export function* requireInSight(
  view: Pick<View, 'collection'>,
  { account, scope }: Pick<Principal, 'account' | 'scope'>,
  assignments: readonly number[],
): Program<void> {
  const found = new Set(
    (yield* view.collection(containers).byIds(account.id, assignments.slice(0, 1000))).map(({ id }) => id),
  )
  if (assignments.every((id) => found.has(id) && seesContainer(scope, id))) return
  throw new Fault('parameter_invalid', { parameter: parameters.assignments, reason: 'unknown container' })
}

/**
 * Keeps an account from losing its last administrator. The account has to be held, so that two of them do not end
 * each other.
 * @throws Fault state_refused
 */
export function* requireAnotherAdministrator(
  transaction: Transaction,
  account: AccountId,
  user: User,
  parameter: string,
): Program<void> {
  if (user.role !== 'administrator' || user.status === 'inactive') return
  const administrators = yield* transaction
    .collection(users)
    .withValue(account, 'role', 'administrator', 1000)
  const others = administrators.filter(
    ({ id, status }) => id !== user.id && (status === 'active' || status === 'pending'),
  )
  if (others.length === 0) {
    throw new Fault('state_refused', { object: 'user', state: 'last administrator', parameter })
  }
}
