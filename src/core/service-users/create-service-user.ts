import type { Member } from '../access/member.ts'
import { permissionsOf, type RoleCode } from '../access/roles.ts'
import { insertApiKey } from '../accounts/api-key-create.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { accountPolicies } from '../identity/account-policy.ts'
import { type User, users } from '../identity/user.ts'
import type { OnceBinding } from '../limits/once.ts'
import { requireComingDay } from './end-date.ts'
import { bindToken } from './made-token.ts'
import { type ServiceUser, serviceUsers } from './service-user.ts'

export interface ServiceUserRequest {
  /** As `isCredentialName` says. */
  readonly friendlyName: string
  readonly description: string
  /** Where notices go. */
  readonly email: string
  readonly endDate: string | null
  readonly roles: readonly RoleCode[]
}

export interface CreatedServiceUser {
  readonly user: User
  readonly serviceUser: ServiceUser
  readonly token: { readonly id: number; readonly text: string }
}

/**
 * Makes a program's user with his first token, which is shown once.
 *
 * @throws Fault name_taken, parameter_invalid (`end_date`), permission_missing for a role that allows what the caller
 *   may not do
 */
export function createServiceUser(
  { clock, random, sealer, store }: Pick<Engine, 'clock' | 'random' | 'sealer' | 'store'>,
  by: Member,
  request: ServiceUserRequest,
  caller: Caller,
  binding: OnceBinding,
): Promise<CreatedServiceUser> {
  requireOwnPermissions(by, request.roles)
  return store.write(function* (transaction) {
    const at = clock.now()
    requireComingDay(request.endDate, at)
    const { account } = by
    const policy = yield* transaction.collection(accountPolicies).byId(account.id, account.id)
    if (policy === undefined) throw new Fault('account_unavailable', {})
    const user: User = {
      id: yield* transaction.collection(users).nextId(),
      accountId: account.id,
      containerId: policy.rootContainerId,
      username: `service-${Buffer.from(random.bytes(8)).toString('hex')}`,
      firstName: request.friendlyName,
      lastName: '',
      email: request.email,
      jobTitle: '',
      telephone: '',
      // Roles of applications say what a service user may; of what else the account serves he may look at his own.
      role: 'limited',
      status: 'active',
      isApiOnly: true,
      containerAssignments: [],
      createdAt: at,
      lastLoginAt: null,
    }
    yield* transaction.collection(users).insert(user)
    const serviceUser: ServiceUser = {
      id: user.id,
      accountId: account.id,
      friendlyName: request.friendlyName,
      description: request.description,
      endDate: request.endDate,
      roles: request.roles,
    }
    if (!(yield* transaction.collection(serviceUsers).insert(serviceUser))) {
      throw new Fault('name_taken', { parameter: 'friendly_name', name: request.friendlyName })
    }
    transaction.record({
      action: 'user.created',
      at,
      actor: caller.actor,
      accountId: account.id,
      object: `user:${user.id}`,
      requestId: caller.requestId,
      detail: {
        friendlyName: serviceUser.friendlyName,
        endDate: serviceUser.endDate,
        roles: serviceUser.roles.join(' '),
      },
    })
    const { record, text } = yield* insertApiKey(
      transaction,
      { clock, random },
      {
        accountId: account.id,
        userId: user.id,
        name: request.friendlyName,
        role: 'administrator',
        restriction: 'view',
        endDate: null,
      },
      caller,
    )
    yield* bindToken(transaction, sealer, binding, record, text)
    return { user, serviceUser, token: { id: record.id, text } }
  })
}

/** Nobody gives away what he has not. @throws Fault permission_missing */
export function requireOwnPermissions(
  { permissions }: Pick<Member, 'permissions'>,
  codes: readonly RoleCode[],
): void {
  for (const permission of permissionsOf(codes)) {
    if (!permissions.has(permission)) throw new Fault('permission_missing', { permission })
  }
}
