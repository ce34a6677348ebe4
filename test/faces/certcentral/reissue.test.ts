import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, test } from 'node:test'
import { organizations } from '../../../src/core/organizations/organization.ts'
import { storeKinds } from '../../support/stores.ts'
import { Shop } from './issued-orders.ts'
import { csrPem, testDomain } from './ordering.ts'
import type { Answer } from './service.ts'

const dayMs = 86_400_000

/** Asks for a reissue over a new key, at once unless told otherwise. */
async function reissue(
  shop: Shop,
  id: number | string,
  certificate: object = {},
  rest: object = {},
): Promise<Answer> {
  return shop.tenant.post(`/order/certificate/${id}/reissue`, {
    certificate: { csr: await csrPem(), ...certificate },
    skip_approval: true,
    ...rest,
  })
}

/** The leaf of an answer with a chain. */
const leafOf = (answer: Answer) => new X509Certificate(answer.json().certificate_chain[0].pem)

const namesOf = (certificate: X509Certificate) =>
  (certificate.subjectAltName ?? '').split(', ').map((name) => name.replace('DNS:', ''))

describe('a reissue that nothing stands against', () => {
  test('is issued within the call and takes the place of the primary certificate', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order({ certificate: { dns_names: ['api.shop.example.com'] } })
    const before = (await shop.info(ordered.id)).certificate
    const answer = await reissue(shop, ordered.id, {}, { order_id: ordered.id, comments: 'new key' })
    assert.equal(answer.status, 201, answer.text)
    const { id, certificate_id: certificateId, certificate_chain: chain, requests } = answer.json()
    assert.equal(id, ordered.id)
    assert.equal(chain.length, 3)
    assert.deepEqual(
      requests.map((each: { status: string }) => each.status),
      ['approved'],
    )
    const info = await shop.info(ordered.id)
    assert.deepEqual([info.status, info.certificate.id], ['issued', certificateId])
    assert.notEqual(info.certificate.serial_number, before.serial_number)
    assert.deepEqual(info.certificate.dns_names, before.dns_names)
    assert.deepEqual([info.reissues_count, info.has_reissues, info.duplicates_count], [1, true, 0])
    assert.equal(info.order_valid_till, (await shop.info(ordered.id)).order_valid_till)
    assert.deepEqual(namesOf(leafOf(answer)), ['www.shop.example.com', 'api.shop.example.com'])
    const types = info.requests.map((each: { type: string }) => each.type)
    assert.deepEqual(types, ['new_request', 'reissue'])
  })

  test('leaves the former certificate good, and reachable by its id', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order()
    await reissue(shop, ordered.id)
    const former = (await shop.tenant.get(`/certificate/${ordered.certificateId}`)).json()
    assert.equal(former.status, 'issued')
  })

  test('is listed with the element shape of duplicates; an order without one has an empty list', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order()
    const path = `/order/certificate/${ordered.id}/reissue`
    assert.deepEqual((await shop.tenant.get(path)).json(), { certificates: [] })
    const answer = await reissue(shop, ordered.id)
    const [element, ...others] = (await shop.tenant.get(path)).json().certificates
    assert.deepEqual(others, [])
    const leaf = leafOf(answer)
    assert.equal(element.id, answer.json().certificate_id)
    assert.equal(BigInt(`0x${element.serial_number}`), BigInt(`0x${leaf.serialNumber}`))
    assert.equal(element.thumbprint, leaf.fingerprint.replaceAll(':', ''))
    assert.equal(element.status, 'approved')
    assert.match(element.ca_cert_id, /^[0-9A-F]{16}$/)
  })

  test('changes names, hash, platform and units where it says so', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order({ certificate: { dns_names: ['api.shop.example.com'] } })
    const answer = await reissue(shop, ordered.id, {
      common_name: 'new.shop.example.com',
      dns_names: ['API.shop.example.com', 'third.shop.example.com'],
      signature_hash: 'sha384',
      server_platform: 45,
      organization_units: [''],
    })
    assert.equal(answer.status, 201, answer.text)
    const leaf = leafOf(answer)
    assert.match(leaf.subject, /CN=new\.shop\.example\.com/)
    assert.deepEqual(namesOf(leaf).toSorted(), [
      'api.shop.example.com',
      'new.shop.example.com',
      'third.shop.example.com',
    ])
    const { certificate } = await shop.info(ordered.id)
    assert.equal(certificate.signature_hash, 'sha384')
    assert.equal(certificate.server_platform.id, 45)
  })

  test('keeps the other names where only the common name is another', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order({ certificate: { dns_names: ['api.shop.example.com'] } })
    const answer = await reissue(shop, ordered.id, { common_name: 'new.shop.example.com' })
    assert.deepEqual(namesOf(leafOf(answer)), ['new.shop.example.com', 'api.shop.example.com'])
  })

  test('a single-name product exchanges its name with the free pair', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order({
      product: 'private_ssl_plus',
      certificate: { common_name: 'example.com' },
    })
    const answer = await reissue(shop, ordered.id, { common_name: 'www.example.org' })
    assert.equal(answer.status, 201, answer.text)
    assert.deepEqual(namesOf(leafOf(answer)), ['www.example.org', 'example.org'])
  })

  test('the order is named by serial number or thumbprint of its primary certificate too', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order()
    const { serial_number: serialNumber } = (await shop.info(ordered.id)).certificate
    assert.equal((await reissue(shop, serialNumber.toLowerCase())).status, 201)
    const { thumbprint } = (await shop.info(ordered.id)).certificate
    assert.equal((await reissue(shop, thumbprint)).status, 201)
    assert.equal((await reissue(shop, serialNumber)).status, 404)
  })

  test('the same Idempotency-Key gives the first answer and no second certificate', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order()
    const body = { certificate: { csr: await csrPem() }, skip_approval: true }
    const options = { headers: { 'idempotency-key': 'once' } }
    const path = `/order/certificate/${ordered.id}/reissue`
    const first = await shop.tenant.post(path, body, options)
    const second = await shop.tenant.post(path, body, options)
    assert.deepEqual(second.json(), first.json())
    assert.equal((await shop.info(ordered.id)).reissues_count, 1)
  })

  test('stored as a duplicate, it stands beside the primary certificate with names of its own', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order()
    const answer = await reissue(
      shop,
      ordered.id,
      { common_name: 'other.shop.example.com' },
      { store_reissue_as_duplicate: true },
    )
    assert.equal(answer.status, 201, answer.text)
    const info = await shop.info(ordered.id)
    assert.equal(info.certificate.id, ordered.certificateId)
    assert.deepEqual([info.reissues_count, info.duplicates_count], [0, 1])
    const list = (await shop.tenant.get(`/order/certificate/${ordered.id}/duplicate`)).json()
    assert.deepEqual(
      [list.certificates[0].common_name, list.certificates[0].sub_id],
      ['other.shop.example.com', '001'],
    )
  })
})

describe('how long a reissue is valid', () => {
  test('as long as what is left of the order, and no longer', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order()
    const before = await shop.info(ordered.id)
    shop.service.advance(100 * dayMs)
    const answer = await reissue(shop, ordered.id)
    assert.equal(answer.status, 201, answer.text)
    const after = await shop.info(ordered.id)
    assert.equal(after.order_valid_till, before.order_valid_till)
    assert.equal(after.certificate.valid_till, before.order_valid_till)
  })

  test('cert_validity_exceeds_order_validity for a wish beyond the order', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order()
    shop.service.advance(100 * dayMs)
    for (const validity of [{ years: 1 }, { days: 266 }, { custom_expiration_date: '2099-01-01' }]) {
      const answer = await reissue(shop, ordered.id, { cert_validity: validity })
      assert.deepEqual(
        [answer.status, answer.codes()],
        [400, ['cert_validity_exceeds_order_validity']],
        JSON.stringify(validity),
      )
    }
    const answer = await reissue(shop, ordered.id, { cert_validity: { days: 30 } })
    assert.equal(answer.status, 201, answer.text)
    assert.equal((await shop.info(ordered.id)).certificate.days_remaining, 29)
  })

  test('a wish of the former certificate goes on while it fits', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order({ certificate: { cert_validity: { days: 60 } } })
    shop.service.advance(10 * dayMs)
    await reissue(shop, ordered.id)
    assert.equal((await shop.info(ordered.id)).certificate.days_remaining, 59)
    shop.service.advance(340 * dayMs)
    assert.equal((await reissue(shop, ordered.id)).status, 201)
    const { certificate, order_valid_till: end } = await shop.info(ordered.id)
    assert.equal(certificate.valid_till, end)
  })
})

describe('a reissue that has to wait', () => {
  test('for its approver, and is issued by his word', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order()
    const answer = await reissue(shop, ordered.id, {}, { skip_approval: false })
    const [request] = answer.json().requests
    assert.equal(request.status, 'pending')
    assert.equal('certificate_chain' in answer.json(), false)
    const waiting = await shop.info(ordered.id)
    assert.deepEqual([waiting.status, waiting.certificate.id], ['reissue_pending', ordered.certificateId])
    const decided = await shop.tenant.put(`/request/${request.id}/status`, { status: 'approved' })
    assert.equal(decided.status, 204, decided.text)
    const info = await shop.info(ordered.id)
    assert.equal(info.status, 'issued')
    assert.notEqual(info.certificate.id, ordered.certificateId)
  })

  test('and is dropped when it is rejected', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order()
    const [request] = (await reissue(shop, ordered.id, {}, { skip_approval: false })).json().requests
    await shop.tenant.put(`/request/${request.id}/status`, { status: 'rejected' })
    const info = await shop.info(ordered.id)
    assert.deepEqual([info.status, info.certificate.id], ['issued', ordered.certificateId])
    assert.equal((await reissue(shop, ordered.id)).status, 201)
  })

  test('pending_reissue for the next one meanwhile, also where it would be at once', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order()
    await reissue(shop, ordered.id, {}, { skip_approval: false })
    const answer = await reissue(shop, ordered.id)
    assert.deepEqual([answer.status, answer.codes()], [400, ['pending_reissue']])
  })

  test('for the proof of a name that was added, with the value to publish', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order({ product: 'ssl_multi_domain', rest: { dcv_method: 'dns-txt-token' } })
    const answer = await reissue(shop, ordered.id, { dns_names: ['new.example.net'] })
    assert.equal(answer.status, 201, answer.text)
    const { dcv_random_value: value, domains } = answer.json()
    assert.equal(await shop.status(ordered.id), 'reissue_pending')
    assert.deepEqual(
      domains.map((each: { dns_name: string; dcv_token: { token: string } }) => [
        each.dns_name,
        each.dcv_token.token,
      ]),
      [['new.example.net', value]],
    )
    await testDomain(shop.tenant, shop.organizationId, 'new.example.net')
    const csr = await csrPem()
    const again = await shop.tenant.post(`/order/certificate/${ordered.id}/csr`, { csr })
    assert.equal(again.status, 204, again.text)
    assert.equal(await shop.status(ordered.id), 'issued')
  })

  test('for its organization to be validated again', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order({ product: 'ssl_multi_domain' })
    shop.service.advance(150 * dayMs)
    await shop.service.engine.store.write(function* (transaction) {
      const held = yield* transaction
        .collection(organizations)
        .hold(shop.tenant.accountId, shop.organizationId)
      if (held !== undefined)
        yield* transaction.collection(organizations).replace({ ...held, validations: [] })
    })
    const answer = await reissue(shop, ordered.id)
    assert.equal(answer.status, 201, answer.text)
    assert.equal(await shop.status(ordered.id), 'reissue_pending')
  })
})

for (const kind of storeKinds) {
  test(`of ten reissues at once on ${kind.name} one goes through, and the others are told that one is pending`, {
    skip: kind.skip,
  }, async (scope) => {
    const shop = await Shop.open(scope, kind)
    const ordered = await shop.order()
    const answers = await Promise.all(Array.from({ length: 10 }, () => reissue(shop, ordered.id)))
    const codes = answers.map((answer) => answer.codes()[0] ?? answer.status)
    const through = codes.filter((code) => code === 201).length
    const pending = codes.filter((code) => code === 'pending_reissue').length
    assert.ok(through >= 1, codes.join())
    assert.equal(through + pending, 10, codes.join())
    const info = await shop.info(ordered.id)
    assert.deepEqual([info.status, info.reissues_count], ['issued', through])
  })
}
