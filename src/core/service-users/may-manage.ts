import { type Member, requirePermission } from '../access/member.ts'
import { rolesOfUser } from '../access/roles.ts'
import type { AccountMember } from './change-service-user.ts'
import { requireOwnPermissions } from './create-service-user.ts'

/**
 * Holds whoever makes or changes a credential to what it allows: that of somebody else is for those who manage users,
 * and nobody gets more by it than by the credential at hand, which may be narrower than its owner.
 *
 * @throws Fault permission_missing
 */
export function requireMayManage(by: Member, { user, serviceUser }: AccountMember): void {
  if (user.id !== by.user.id) requirePermission(by, 'MANAGE_AM_USER')
  // A certificate is as good as its owner.
  else if (by.credential.type === 'client-certificate') return
  requireOwnPermissions(by, serviceUser?.roles ?? rolesOfUser(user.role))
}
