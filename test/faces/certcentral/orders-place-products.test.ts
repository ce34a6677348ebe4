import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { products } from '../../../src/core/products/catalogue.ts'
import type { Product } from '../../../src/core/products/product.ts'
import { openssl, opensslMissing } from '../../support/openssl.ts'
import { lastFirst } from '../../support/stores.ts'
import { orderBody, silentNetwork, testDomain, testOperator, testOrganization } from './ordering.ts'
import { type Answer, TestService, type TestTenant } from './service.ts'

const everything = ['ov', 'ev', 'cs', 'ev_cs', 'ds', 'smime', 'grid', 'private_ssl'] as const

/** What an order of the product has to say at least, to be issued within the call. */
async function readyOrder(product: Product, organizationId: number) {
  const named = product.organization === null ? undefined : organizationId
  switch (product.names.of) {
    case 'hosts': {
      const isWildcard = product.names.shape === 'wildcard'
      return orderBody(named, { common_name: isWildcard ? '*.shop.example.com' : 'www.shop.example.com' })
    }
    case 'emails':
      return orderBody(named, { common_name: 'Ada Moser', emails: ['ada@shop.example.com'] })
    case 'nothing':
      return orderBody(named, { common_name: undefined }, { cs_provisioning_method: 'none' })
  }
}

/** Common name, alternative names and purposes that follow from the product. */
function expected({ names, subject, validation }: Product) {
  const isMailbox = subject === 'mailbox'
  const commonName =
    names.of === 'hosts'
      ? names.shape === 'wildcard'
        ? '*.shop.example.com'
        : 'www.shop.example.com'
      : isMailbox
        ? 'ada@shop.example.com'
        : subject === 'person'
          ? 'Ada Moser'
          : 'Example Shop Ltd'
  return {
    commonName,
    organization: validation === 'dv' || isMailbox ? undefined : 'Example Shop Ltd',
    alternativeNames:
      names.of === 'hosts'
        ? `DNS:${commonName}`
        : names.of === 'emails'
          ? 'email:ada@shop.example.com'
          : undefined,
  }
}

const attribute = (subject: string, type: string): string | undefined =>
  subject
    .split('\n')
    .find((line) => line.startsWith(`${type}=`))
    ?.slice(type.length + 1)

describe('every product of the catalogue', () => {
  const scope = lastFirst({ after })
  let tenant: TestTenant
  let organizationId: number
  before(async () => {
    const service = await TestService.start(scope, { outside: silentNetwork })
    await testOperator(service)
    tenant = await service.tenant()
    organizationId = await testOrganization(tenant, everything)
    await testDomain(tenant, organizationId, 'shop.example.com')
  })

  const order = async (product: Product): Promise<Answer> =>
    tenant.post(`/order/certificate/${product.nameId}`, await readyOrder(product, organizationId))

  for (const product of products.filter(
    ({ organization, names }) => organization !== null || names.of === 'hosts',
  )) {
    test(`${product.nameId} is issued within the call where everything is validated`, async () => {
      const answer = await order(product)
      assert.equal(answer.status, 201, answer.text)
      const { id, certificate_id: certificateId, certificate_chain: chain, requests } = answer.json()
      assert.equal(requests.length, 1)
      assert.equal(requests[0].status, 'approved')
      assert.equal(chain.length, 3)
      const leaf = new X509Certificate(chain[0].pem)
      const wanted = expected(product)
      assert.equal(attribute(leaf.subject, 'CN'), wanted.commonName)
      assert.equal(attribute(leaf.subject, 'O'), wanted.organization)
      assert.equal(leaf.subjectAltName, wanted.alternativeNames)
      const shown = (await tenant.get(`/order/certificate/${id}`)).json()
      assert.equal(shown.status, 'issued')
      assert.equal(shown.certificate.id, certificateId)
      assert.equal(shown.certificate.serial_number, leaf.serialNumber)
    })

    test(`${product.nameId} gives a chain that openssl verifies`, { skip: opensslMissing }, async () => {
      const [leaf, intermediate, root] = (await order(product)).json().certificate_chain
      const files = { 'leaf.pem': leaf.pem, 'above.pem': intermediate.pem, 'root.pem': root.pem }
      const args = ['-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'above.pem', 'leaf.pem']
      const { status, stderr } = await openssl(
        ['verify', '-attime', String(tenant.service.engine.clock.now() / 1_000), ...args],
        { files },
      )
      assert.equal(status, 0, stderr)
    })
  }

  for (const nameId of ['class1_smime', 'secure_email_mailbox']) {
    test(`${nameId} waits until the holder of the mailbox confirms it`, async () => {
      const body = await orderBody(undefined, { common_name: undefined, emails: ['Ada@Shop.example.com'] })
      const answer = await tenant.post(`/order/certificate/${nameId}`, body)
      assert.equal(answer.status, 201, answer.text)
      assert.equal(answer.json().certificate_chain, undefined)
      const shown = (await tenant.get(`/order/certificate/${answer.json().id}`)).json()
      assert.equal(shown.status, 'pending')
      assert.deepEqual(shown.certificate.emails, ['Ada@shop.example.com'])
    })
  }

  test('products whose key is made on a token take no CSR', async () => {
    for (const nameId of ['code_signing_ev', 'document_signing_org_1', 'document_signing_org_2']) {
      const body = await orderBody(organizationId, { common_name: undefined })
      assert.deepEqual((await tenant.post(`/order/certificate/${nameId}`, body)).codes(), ['csr_not_allowed'])
      const without = await orderBody(organizationId, { common_name: undefined, csr: '' })
      const answer = await tenant.post(`/order/certificate/${nameId}`, without)
      assert.equal(answer.status, 201, answer.text)
      const shown = (await tenant.get(`/order/certificate/${answer.json().id}`)).json()
      assert.equal(shown.status, 'pending')
      assert.equal(shown.cs_provisioning_method, 'ship_token')
    }
  })

  test('a client product without a CSR waits for its person, code signing for a CSR', async () => {
    const client = await orderBody(organizationId, {
      common_name: 'Ada Moser',
      emails: ['ada@shop.example.com'],
      csr: '',
    })
    const code = await orderBody(organizationId, { common_name: undefined, csr: undefined })
    for (const [nameId, body, status] of [
      ['client_premium', client, 'waiting_pickup'],
      ['code_signing', code, 'needs_csr'],
    ] as const) {
      const { id } = (await tenant.post(`/order/certificate/${nameId}`, body)).json()
      assert.equal((await tenant.get(`/order/certificate/${id}`)).json().status, status)
    }
  })
})
