/** Programs of the platform that roles belong to, by the names the Account Manager API gives them. */
export const applications = ['account_manager', 'enterprise_manager', 'ca_manager'] as const
export type Application = (typeof applications)[number]

/** Everything that can be allowed, by application: `AM` accounts, `EM` certificate lifecycle, `CM` private CA. */
export const permissions = [
  'VIEW_AM_ACCOUNT',
  'VIEW_AM_USER',
  'MANAGE_AM_USER',
  'VIEW_AM_ROLE',
  'VIEW_AM_AUDIT_LOG',
  'VIEW_EM_CERTIFICATE',
  'CREATE_EM_CERTIFICATE',
  'MANAGE_EM_CERTIFICATE',
  'RECOVER_EM_CERTIFICATE',
  'APPROVE_EM_RECOVERY',
  'VIEW_EM_PROFILE',
  'MANAGE_EM_PROFILE',
  'VIEW_EM_SEAT',
  'MANAGE_EM_SEAT',
  'VIEW_EM_ENROLLMENT',
  'MANAGE_EM_ENROLLMENT',
  'VIEW_EM_BUSINESS_UNIT',
  'MANAGE_EM_BUSINESS_UNIT',
  'VIEW_EM_AUDIT_LOG',
  'VIEW_CM_CA',
  'MANAGE_CM_CA',
  'VIEW_CM_CUSTOM_TEMPLATE',
  'VIEW_CM_CERTIFICATE',
  'CREATE_CM_CERTIFICATE',
  'MANAGE_CM_CERTIFICATE',
] as const
export type Permission = (typeof permissions)[number]

/** What only reads. */
export const viewPermissions: readonly Permission[] = permissions.filter((each) => each.startsWith('VIEW_'))
