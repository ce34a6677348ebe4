import assert from 'node:assert/strict'
import type {
  ApiTokenRequest,
  ApiTokenUpdate,
  AuditFilter,
  AuditQuery,
  ChanceryClient,
  ClientCertificateRequest,
  PageQuery,
  ServiceUserRequest,
  ServiceUserUpdate,
  UserQuery,
} from '../../sdk/src/index.ts'
import { freshCsrPem } from '../faces/one/requests.ts'
import type { Complete } from './complete.ts'

const page = { offset: 0, limit: 5 } satisfies Complete<PageQuery>
export const auditFilter = {
  from: '2020-01-01',
  to: '2099-01-01',
  resource_type: 'user',
  resource_id: '1',
  resource_name: 'ada',
  seat_id: 'crane-1',
  seat_type_id: 'DEVICE_SEAT',
  action: 'created',
  status: 'success',
  user_name: 'ada',
  admin_id: 'a',
} satisfies Complete<AuditFilter>

/** Every call of Account Manager, each with all that it can say. */
export async function callAccountManager({ accountManager }: ChanceryClient): Promise<void> {
  const [account] = await accountManager.accounts(page)
  assert.ok(account)
  await accountManager.account(account.id)
  const [organization] = await accountManager.organizations(page)
  assert.ok(organization)
  await accountManager.organization(organization.id)
  await accountManager.roles('account_manager')
  await accountManager.locales()
  await accountManager.limits()

  const user = await accountManager.createServiceUser({
    user_type: 'service',
    friendly_name: 'bot',
    description: 'renews',
    email: 'ops@harbour.example',
    end_date: '2099-01-01',
    account_ids: [account.id],
    roles: [{ role_code: 'AM_VIEW_ONLY', application_code: 'account_manager' }],
  } satisfies Complete<ServiceUserRequest>)
  await accountManager.users({ ...page, user_type: 'service' } satisfies Complete<UserQuery>)
  await accountManager.user(user.id)
  await accountManager.updateServiceUser(user.id, {
    friendly_name: 'robot',
    description: 'renews and revokes',
    email: 'ops@quay.example',
    end_date: '2098-01-01',
    status: 'ACTIVE',
    roles: [{ role_code: 'AM_VIEW_ONLY', application_code: 'account_manager' }],
  } satisfies Complete<ServiceUserUpdate>)

  await accountManager.tokens(user.id)
  const token = await accountManager.createToken({
    user_id: user.id,
    name: 'second',
    end_date: '2097-01-01',
  } satisfies Complete<ApiTokenRequest>)
  await accountManager.token(token.id)
  await accountManager.updateToken(token.id, {
    status: 'disabled',
    name: 'third',
    end_date: '2096-01-01',
  } satisfies Complete<ApiTokenUpdate>)
  await accountManager.deleteToken(token.id)

  const certificate = await accountManager.createClientCertificate({
    user_id: user.id,
    name: 'laptop',
    csr: freshCsrPem(),
    end_date: '2027-01-01',
  } satisfies Complete<ClientCertificateRequest>)
  await accountManager.clientCertificates(user.id)
  await accountManager.clientCertificate(certificate.id)
  await accountManager.enableClientCertificate(certificate.id, false)
  await accountManager.revokeClientCertificate(certificate.id)
  await accountManager.deleteServiceUser(user.id)

  await accountManager.auditLog({ ...page, sort: 'timestamp', ...auditFilter } satisfies Complete<AuditQuery>)
  await accountManager.auditCount(auditFilter)
  const [entry] = (await accountManager.auditLog()).items
  assert.ok(entry)
  await accountManager.auditEntry(entry.id)
}
