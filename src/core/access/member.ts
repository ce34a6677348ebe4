import type { AccountRecord, ApiKeyRecord, ApiKeyRestriction } from '../accounts/account.ts'
import { checkedAccount, requireActive } from '../accounts/load-account.ts'
import type { Caller } from '../audit/caller.ts'
import {
  type ClientCertificate,
  clientCertificates,
  hasEnded,
} from '../client-certificates/client-certificate.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { identify, liveUser, type Principal } from '../identity/principal.ts'
import { containersInSight } from '../identity/scope.ts'
import type { User } from '../identity/user.ts'
import type { ServiceUser } from '../service-users/service-user.ts'
import type { Permission } from './permissions.ts'
import { permissionsOf, rolesOfUser } from './roles.ts'

/** What a request proved. */
export type Credential =
  | { readonly type: 'api-key'; readonly key: ApiKeyRecord }
  | { readonly type: 'client-certificate'; readonly certificate: ClientCertificate }

/** A user of an account who acts by one of his credentials, and what he may with it. */
export interface Member {
  readonly account: AccountRecord
  readonly user: User
  readonly serviceUser: ServiceUser | undefined
  readonly credential: Credential
  readonly permissions: ReadonlySet<Permission>
}

type Parts = Pick<Engine, 'clock' | 'log' | 'random' | 'sealer' | 'store'>

/**
 * Whom an API key stands for.
 * @throws Fault credential_unknown, access_denied, account_unavailable, account_corrupt
 */
export async function memberByKey(parts: Parts, keyText: string, requestId: string): Promise<Member> {
  const principal = await identify(parts, keyText, requestId)
  const { account, user, serviceUser, key } = principal
  return {
    account,
    user,
    serviceUser,
    credential: { type: 'api-key', key },
    permissions:
      serviceUser === undefined ? permissionsByRights(principal) : permissionsOf(serviceUser.roles),
  }
}

/**
 * Whom a client certificate stands for, found by its fingerprint and by nothing that stands in it.
 * @param fingerprint SHA-256 of the DER, lower-case hex
 * @throws Fault credential_unknown for one that is unknown, disabled, expired or revoked, or whose owner has ended;
 *   access_denied, account_unavailable, account_corrupt
 */
export async function memberByCertificate(parts: Parts, fingerprint: string): Promise<Member> {
  const now = parts.clock.now()
  return await parts.store.read(function* (view) {
    const [certificate] = yield* view
      .collection(clientCertificates)
      .anyBetween('fingerprint', fingerprint, fingerprint, 0, 1)
    if (certificate === undefined || !certificate.isEnabled || hasEnded(certificate, now)) {
      throw new Fault('credential_unknown', {})
    }
    if ((yield* view.status.of(certificate.certificateId)) !== undefined) {
      throw new Fault('credential_unknown', {})
    }
    const account = checkedAccount(parts.sealer, yield* view.accounts.byId(certificate.accountId))
    requireActive(account)
    const { user, serviceUser } = yield* liveUser(view, account, certificate.userId, now)
    const inSight = [user.containerId, ...user.containerAssignments]
    const seesWholeAccount = (yield* containersInSight(view, account.id, inSight)) === null
    const roles = serviceUser?.roles ?? (seesWholeAccount ? rolesOfUser(user.role) : [])
    return {
      account,
      user,
      serviceUser,
      credential: { type: 'client-certificate', certificate },
      permissions: permissionsOf(roles),
    } as const
  })
}

/** Who a request is made by, as the audit log says it. */
export function callerOfMember({ account, credential }: Member, requestId: string): Caller {
  const accountId = account.id
  const actor =
    credential.type === 'api-key'
      ? ({ type: 'api-key', accountId, publicId: credential.key.publicId } as const)
      : ({
          type: 'client-certificate',
          accountId,
          fingerprint: credential.certificate.fingerprint,
        } as const)
  return { actor, requestId }
}

/** @throws Fault permission_missing */
export function requirePermission({ permissions }: Pick<Member, 'permissions'>, wanted: Permission): void {
  if (!permissions.has(wanted)) throw new Fault('permission_missing', { permission: wanted })
}

/**
 * What a key may for a user without roles of his own: as much as each of its roles and its restriction leave. Nothing
 * for people of a division, because what permissions are about belongs to the whole account.
 */
function permissionsByRights({ rights }: Principal): ReadonlySet<Permission> {
  if (!rights.seesWholeAccount) return new Set()
  const each = rights.roles.map((role) => permissionsOf(rolesOfUser(role)))
  const [first = new Set<Permission>(), ...others] = each
  const common = [...first].filter((permission) => others.every((other) => other.has(permission)))
  return new Set(common.filter((permission) => isLeft(permission, rights.restriction)))
}

const managing: readonly Permission[] = [
  'MANAGE_EM_PROFILE',
  'MANAGE_EM_BUSINESS_UNIT',
  'RECOVER_EM_CERTIFICATE',
  'APPROVE_EM_RECOVERY',
  'MANAGE_CM_CA',
]

function isLeft(permission: Permission, restriction: ApiKeyRestriction | null): boolean {
  switch (restriction) {
    case null:
      return true
    case 'view':
      return permission.startsWith('VIEW_')
    case 'users':
      return permission.includes('_AM_')
    case 'orders':
    case 'orders-domains-organizations':
      return !permission.includes('_AM_') && !managing.includes(permission)
  }
}
