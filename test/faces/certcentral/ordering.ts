import type { ControlEvidence, Domain } from '../../../src/core/domains/domain.ts'
import { domains } from '../../../src/core/domains/domain.ts'
import { storeDomain } from '../../../src/core/domains/store-domain.ts'
import { organizations, type ValidationType } from '../../../src/core/organizations/organization.ts'
import type { Outside } from '../../../src/core/validation/outside.ts'
import { pemEncode } from '../../../src/pki/pem.ts'
import { testRequest } from '../../support/engine.ts'
import { nothingOutside } from '../../support/outside.ts'
import type { TestService, TestTenant } from './service.ts'

/** A network in which no name has any record: nobody forbids anything. */
export const silentNetwork: Partial<Outside> = {
  perspectives: {
    primary: {
      ...nothingOutside.perspectives.primary,
      resolver: {
        resolve: () =>
          Promise.resolve({
            records: [],
            exists: false,
            aliases: [],
            ttlSeconds: 60,
            isAuthenticated: false,
            server: '192.0.2.1:53',
          }),
      },
    },
    remotes: [],
  },
}

/** Gives the installation an operator, whose hierarchies issue the public products. */
export async function testOperator(service: TestService): Promise<void> {
  const { accountId } = await service.tenant('operator@example.test')
  await service.engine.store.write((transaction) =>
    transaction.runtime.setSetting('operator-account', String(accountId)),
  )
}

/** PEM of a new request, whose name nobody looks at. */
export async function csrPem(): Promise<string> {
  return pemEncode('CERTIFICATE REQUEST', await testRequest())
}

const yearMs = 365 * 86_400_000

/** An organization as an account submits it, validated for these types behind the face's back. */
export async function testOrganization(
  tenant: TestTenant,
  validated: readonly ValidationType[] = [],
  verified: readonly { readonly id: number; readonly email: string }[] = [],
): Promise<number> {
  const created = await tenant.post('/organization', {
    name: 'Example Shop Ltd',
    address: 'Main Street 1',
    zip: 8010,
    city: 'Graz',
    state: 'Styria',
    country: 'at',
    telephone: '+43 1 5550100',
    organization_contact: { first_name: 'Ada', last_name: 'Moser', email: 'ada@shop.example' },
  })
  const id: number = created.json().id
  const { engine } = tenant.service
  const now = engine.clock.now()
  await engine.store.write(function* (transaction) {
    const held = yield* transaction.collection(organizations).hold(tenant.accountId, id)
    if (held === undefined) throw new Error('the organization was submitted')
    const validations = validated.map((type) => ({
      type,
      createdAt: now,
      status: 'active' as const,
      validatedAt: now,
      validatedUntil: now + yearMs,
      verifiedUsers: verified.map((user) => ({
        userId: user.id,
        firstName: 'Given',
        lastName: 'Family',
        email: user.email,
        telephone: '',
        telephoneExtension: '',
        jobTitle: '',
      })),
    }))
    yield* transaction.collection(organizations).replace({ ...held, validations })
  })
  return id
}

/** A domain of the account, proven now unless told otherwise. */
export async function testDomain(
  tenant: TestTenant,
  organizationId: number,
  name: string,
  changes: Partial<Domain> = {},
): Promise<number> {
  const { engine } = tenant.service
  const at = engine.clock.now()
  const evidence: ControlEvidence = {
    name,
    method: 'dns-txt-token',
    value: 'value',
    at,
    addresses: ['192.0.2.1'],
    perspectives: ['primary'],
  }
  return engine.store.write(function* (transaction) {
    const id = yield* transaction.collection(domains).nextId()
    yield* storeDomain(transaction, {
      id,
      accountId: tenant.accountId,
      containerId: tenant.rootContainer.id,
      organizationId,
      name,
      isActive: true,
      validations: [],
      method: 'dns-txt-token',
      randomValue: null,
      evidence,
      locking: null,
      approvalWish: null,
      wokenTo: null,
      dueAt: null,
      submittedAt: at,
      createdAt: at,
      ...changes,
    })
    return id
  })
}

/** An order that is issued at once where its product is private and its organization known. */
export async function orderBody(
  organizationId: number | undefined,
  certificate: object = {},
  rest: object = {},
): Promise<Readonly<Record<string, unknown>>> {
  return {
    certificate: {
      common_name: 'www.shop.example.com',
      csr: await csrPem(),
      signature_hash: 'sha256',
      ...certificate,
    },
    ...(organizationId !== undefined && { organization: { id: organizationId } }),
    order_validity: { years: 1 },
    skip_approval: true,
    ...rest,
  }
}
