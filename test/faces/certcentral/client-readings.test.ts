import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInternet } from '../../support/internet.ts'
import { Shop } from './issued-orders.ts'
import { csrPem, testDomain, testOrganization } from './ordering.ts'
import { TestService } from './service.ts'

test('whoever submits a domain with a method is told what to prove, and without one nothing', async (t) => {
  const internet = await startInternet(t)
  const service = await TestService.start(t, { outside: internet.outside })
  const tenant = await service.tenant()
  const id = await testDomain(tenant, await testOrganization(tenant), 'shop.example.com')
  const submit = (changes: object) =>
    tenant.post(`/domain/${id}/validation`, { validations: [{ type: 'ov' }, { type: 'ev' }], ...changes })
  assert.equal((await submit({})).status, 204)
  const told = await submit({ dcv_method: 'dns-cname-token' })
  assert.equal(told.status, 201)
  assert.match(told.json().dcv_token.token, /^[a-z2-7]{32}$/)
  assert.equal(told.json().dcv_token.verification_value, 'dcv.ca.example.test')
  const mailed = await submit({ dcv_method: 'email' })
  assert.equal(mailed.json().validation_emails.base_emails.length, 5)
})

test('the contacts of an organization are told by type, with their whole names', async (t) => {
  const service = await TestService.start(t)
  const tenant = await service.tenant()
  const url = `/organization/${await testOrganization(tenant)}/contact`
  const before = (await tenant.get(url)).json()
  const { first_name: first, last_name: last } = before.organization_contacts[0]
  assert.equal(before.organization_contact.name, `${first} ${last}`)
  assert.deepEqual(before.technical_contact, before.organization_contact)
  const person = { first_name: 'Ben', last_name: 'Ochs', email: 'ben@shop.example' }
  assert.equal((await tenant.post(url, { ...person, contact_type: 'technical_contact' })).status, 204)
  const after = (await tenant.get(url)).json()
  assert.equal(after.technical_contact.name, 'Ben Ochs')
  assert.equal(after.technical_contact.email, person.email)
  assert.deepEqual(after.organization_contact, before.organization_contact)
})

test('an order and its duplicates show a CSR with the line ends that it was sent with', async (t) => {
  const shop = await Shop.open(t)
  const pem = await csrPem()
  const forms = [pem.trimEnd(), pem, pem.replaceAll('\n', '\r\n'), pem.trimEnd().replaceAll('\n', '\r\n')]
  for (const csr of forms) {
    const { id } = await shop.order({ certificate: { csr } })
    assert.equal((await shop.info(id)).certificate.csr, csr)
    const made = await shop.tenant.post(`/order/certificate/${id}/duplicate`, {
      certificate: { csr },
      skip_approval: true,
    })
    assert.equal(made.status, 201)
    const { certificates } = (await shop.tenant.get(`/order/certificate/${id}/duplicate`)).json()
    assert.equal(certificates[0].csr, csr)
  }
  for (const csr of [pem.replaceAll('\n', ''), `${pem}\n`, ` ${pem}`]) {
    const { id } = await shop.order({ certificate: { csr } })
    assert.equal((await shop.info(id)).certificate.csr, pem)
  }
})

test('an order that says how long its certificate is to last alone lasts as long', async (t) => {
  const shop = await Shop.open(t)
  const { id } = await shop.order({
    certificate: { cert_validity: { days: 90 } },
    rest: { order_validity: undefined },
  })
  const { order_validity: order, certificate } = await shop.info(id)
  assert.deepEqual([order, certificate.cert_validity], [{ days: 90 }, { days: 90 }])
})
