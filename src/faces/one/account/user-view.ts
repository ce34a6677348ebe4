import type { Member } from '../../../core/access/member.ts'
import type { Permission } from '../../../core/access/permissions.ts'
import { type RoleCode, roles, rolesOfUser } from '../../../core/access/roles.ts'
import { isDayOver } from '../../../core/days.ts'
import type { AccountMember } from '../../../core/service-users/change-service-user.ts'
import { uuidOf } from '../ids.ts'

/** A user as the Account Manager API shows one: people and programs alike. */
export function userView({ user, serviceUser }: AccountMember, now: number) {
  const isOver = isDayOver(serviceUser?.endDate ?? null, now)
  const status = isOver ? 'EXPIRED' : user.status === 'inactive' ? 'INACTIVE' : 'ACTIVE'
  return {
    id: uuidOf('user', user.id),
    user_type: user.isApiOnly ? 'service' : 'standard',
    email: user.email,
    status,
    access_scope: 'account',
    primary_account_id: uuidOf('account', user.accountId),
    accounts: [{ id: uuidOf('account', user.accountId) }],
    ...(user.isApiOnly
      ? { friendly_name: serviceUser?.friendlyName ?? user.firstName }
      : { first_name: user.firstName, last_name: user.lastName === '' ? undefined : user.lastName }),
    description: serviceUser === undefined ? undefined : serviceUser.description,
    end_date: serviceUser?.endDate ?? undefined,
    roles: (serviceUser?.roles ?? rolesOfUser(user.role)).map(assignmentView),
    created_at: new Date(user.createdAt).toISOString(),
  } as const
}

/** One user; what the credential at hand may do is told to its owner. */
export type UserDetails = ReturnType<typeof userView> & { readonly permissions?: readonly Permission[] }

/** The same with what the credential at hand may do. */
export function ownView(member: Member, now: number): UserDetails {
  return { ...userView(member, now), permissions: [...member.permissions] }
}

function assignmentView(code: RoleCode) {
  return { application_code: roles[code].application, role_code: code }
}
