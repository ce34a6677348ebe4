import type { ApiKeyRole } from '../accounts/account.ts'
import { type Application, type Permission, permissions, viewPermissions } from './permissions.ts'

/** What somebody may do in one application. */
export interface Role {
  readonly application: Application
  readonly name: string
  readonly permissions: readonly Permission[]
}

const ofApplication = (mark: 'AM' | 'EM' | 'CM', from: readonly Permission[] = permissions) =>
  from.filter((permission) => permission.includes(`_${mark}_`))

const views = (mark: 'AM' | 'EM' | 'CM') => ofApplication(mark, viewPermissions)

/** Every role by the code under which the Account Manager API names it. */
export const roles = {
  AM_DEFAULT_USER: { application: 'account_manager', name: 'Default user', permissions: ['VIEW_AM_ACCOUNT'] },
  AM_ACCOUNT_USER: {
    application: 'account_manager',
    name: 'Account user',
    permissions: ['VIEW_AM_ACCOUNT', 'VIEW_AM_USER', 'VIEW_AM_ROLE'],
  },
  AM_VIEW_ONLY: { application: 'account_manager', name: 'View only', permissions: views('AM') },
  AM_USER_MANAGER: {
    application: 'account_manager',
    name: 'User manager',
    permissions: ['VIEW_AM_ACCOUNT', 'VIEW_AM_USER', 'VIEW_AM_ROLE', 'MANAGE_AM_USER'],
  },
  AM_ACCOUNT_MANAGER: {
    application: 'account_manager',
    name: 'Account manager',
    permissions: ofApplication('AM'),
  },
  AM_ACCOUNT_ADMIN: {
    application: 'account_manager',
    name: 'Account administrator',
    permissions: ofApplication('AM'),
  },
  'EM_EPKI_USER_&_CERT_MANAGER': {
    application: 'enterprise_manager',
    name: 'User and certificate manager',
    permissions: [
      'VIEW_EM_CERTIFICATE',
      'CREATE_EM_CERTIFICATE',
      'MANAGE_EM_CERTIFICATE',
      'VIEW_EM_PROFILE',
      'VIEW_EM_SEAT',
      'MANAGE_EM_SEAT',
      'VIEW_EM_ENROLLMENT',
      'MANAGE_EM_ENROLLMENT',
      'VIEW_EM_BUSINESS_UNIT',
    ],
  },
  EM_CERTIFICATE_PROFILE_MANAGER: {
    application: 'enterprise_manager',
    name: 'Certificate profile manager',
    permissions: ['VIEW_EM_PROFILE', 'MANAGE_EM_PROFILE', 'VIEW_EM_BUSINESS_UNIT'],
  },
  EM_RECOVERY_MANAGER: {
    application: 'enterprise_manager',
    name: 'Key recovery manager',
    permissions: ['VIEW_EM_CERTIFICATE', 'RECOVER_EM_CERTIFICATE', 'APPROVE_EM_RECOVERY'],
  },
  EM_EPKI_ADMIN: {
    application: 'enterprise_manager',
    name: 'Administrator',
    permissions: ofApplication('EM'),
  },
  EM_VIEW_ONLY: { application: 'enterprise_manager', name: 'View only', permissions: views('EM') },
  CM_PKI_MANAGER: { application: 'ca_manager', name: 'PKI manager', permissions: ofApplication('CM') },
  CM_CERTIFICATE_ISSUER: {
    application: 'ca_manager',
    name: 'Certificate issuer',
    permissions: [...views('CM'), 'CREATE_CM_CERTIFICATE', 'MANAGE_CM_CERTIFICATE'],
  },
  CM_READ_ONLY: { application: 'ca_manager', name: 'Read only', permissions: views('CM') },
} as const satisfies Readonly<Record<string, Role>>

export type RoleCode = keyof typeof roles

/** Every code, in the order of the table. */
export const roleCodes = Object.keys(roles) as readonly RoleCode[]

export function isRoleCode(text: string): text is RoleCode {
  return Object.hasOwn(roles, text)
}

/** What the roles of an account's own users amount to in each application. */
const rolesOfUsers: { readonly [R in ApiKeyRole]: readonly RoleCode[] } = {
  administrator: ['AM_ACCOUNT_ADMIN', 'EM_EPKI_ADMIN', 'CM_PKI_MANAGER'],
  manager: [
    'AM_USER_MANAGER',
    'EM_EPKI_USER_&_CERT_MANAGER',
    'EM_CERTIFICATE_PROFILE_MANAGER',
    'CM_CERTIFICATE_ISSUER',
  ],
  standard: ['AM_DEFAULT_USER', 'EM_EPKI_USER_&_CERT_MANAGER', 'CM_CERTIFICATE_ISSUER'],
  limited: ['AM_DEFAULT_USER', 'EM_VIEW_ONLY', 'CM_READ_ONLY'],
  finance: ['AM_VIEW_ONLY'],
}

export const rolesOfUser = (role: ApiKeyRole): readonly RoleCode[] => rolesOfUsers[role]

/** What several roles allow together. */
export function permissionsOf(codes: readonly RoleCode[]): ReadonlySet<Permission> {
  return new Set(codes.flatMap((code): readonly Permission[] => roles[code].permissions))
}
