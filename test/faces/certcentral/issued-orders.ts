import assert from 'node:assert/strict'
import type { StoreKind } from '../../support/stores.ts'
import type { Scope } from '../../support/tmp.ts'
import { orderBody, silentNetwork, testDomain, testOperator, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

/** An order over the face, as its 201 told of it. */
export interface Ordered {
  readonly id: number
  readonly certificateId: number
  readonly requestId: number
}

export interface OrderOptions {
  /** Default: `private_ssl_multi_domain`. */
  readonly product?: string
  readonly certificate?: object
  readonly rest?: object
}

/** A service whose account has an organization and a proven domain: what is ordered of private products is issued. */
export class Shop {
  readonly service: TestService
  readonly tenant: TestTenant
  readonly organizationId: number

  private constructor(service: TestService, tenant: TestTenant, organizationId: number) {
    this.service = service
    this.tenant = tenant
    this.organizationId = organizationId
  }

  static async open(scope: Scope, kind?: StoreKind): Promise<Shop> {
    const service = await TestService.start(scope, {
      outside: silentNetwork,
      ...(kind !== undefined && { kind }),
    })
    await testOperator(service)
    return Shop.of(service, 'ada@example.test')
  }

  /** Another account of the same service. */
  static async of(service: TestService, email: string): Promise<Shop> {
    const tenant = await service.tenant(email)
    const organizationId = await testOrganization(tenant, ['ov', 'ev', 'private_ssl'])
    await testDomain(tenant, organizationId, 'shop.example.com')
    return new Shop(service, tenant, organizationId)
  }

  /** Places an order, which has to be taken. */
  async order(options: OrderOptions = {}, by: TestTenant = this.tenant): Promise<Ordered> {
    const { product = 'private_ssl_multi_domain', certificate, rest } = options
    const answer = await by.post(
      `/order/certificate/${product}`,
      await orderBody(this.organizationId, certificate, rest),
    )
    assert.equal(answer.status, 201, answer.text)
    const placed = answer.json()
    const info = await this.info(placed.id)
    return { id: placed.id, certificateId: info.certificate.id, requestId: placed.requests[0].id }
  }

  /** An order that waits for its approver. */
  waiting(options: OrderOptions = {}): Promise<Ordered> {
    return this.order({ ...options, rest: { ...options.rest, skip_approval: false } })
  }

  // biome-ignore lint/suspicious/noExplicitAny: bodies are compared member by member
  async info(id: number): Promise<any> {
    const answer = await this.tenant.get(`/order/certificate/${id}`)
    assert.equal(answer.status, 200, answer.text)
    return answer.json()
  }

  async status(id: number): Promise<string> {
    return (await this.info(id)).status
  }
}
