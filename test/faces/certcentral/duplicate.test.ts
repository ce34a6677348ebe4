import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, test } from 'node:test'
import { storeKinds } from '../../support/stores.ts'
import { duplicate, leafOf } from './duplicates.ts'
import { Shop } from './issued-orders.ts'
import { csrPem } from './ordering.ts'

const dayMs = 86_400_000

describe('duplicates of an order', () => {
  test('end with the original, are listed newest first, and have numbers that downloads know', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order({ certificate: { dns_names: ['api.shop.example.com'] } })
    const original = (await shop.info(id)).certificate
    shop.service.advance(20 * dayMs)
    const first = await duplicate(shop, id)
    const second = await duplicate(shop, id, { signature_hash: 'sha384', server_platform: { id: '2' } })
    const { certificates } = (await shop.tenant.get(`/order/certificate/${id}/duplicate`)).json()
    assert.deepEqual(
      certificates.map((each: Record<string, unknown>) => [
        each.id,
        each.sub_id,
        each.status,
        each.valid_till,
        each.signature_hash,
      ]),
      [
        [second.json().certificate_id, '002', 'approved', original.valid_till, 'sha384'],
        [first.json().certificate_id, '001', 'approved', original.valid_till, 'sha256'],
      ],
    )
    const info = await shop.info(id)
    assert.deepEqual([info.duplicates_count, info.has_duplicates, info.reissues_count], [2, true, 0])
    const path = `/certificate/download/order/${id}?formatType=pem_nointermediate&subId=002`
    const file = await shop.tenant.get(path)
    assert.equal(new X509Certificate(file.bytes).serialNumber, leafOf(second).serialNumber)
  })

  test('have the units of their order, whatever they say about units', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order({ certificate: { organization_units: ['One'] } })
    for (const organization_units of [['Two'], []]) {
      assert.match(leafOf(await duplicate(shop, id, { organization_units })).subject, /^OU=One$/m)
    }
  })

  test('an archived one is left out of the list until it is asked for, and comes back', async (scope) => {
    const shop = await Shop.open(scope)
    const { id, certificateId } = await shop.order()
    const made = (await duplicate(shop, id)).json().certificate_id
    const listed = async (query = '') =>
      (await shop.tenant.get(`/order/certificate/${id}/duplicate${query}`))
        .json()
        .certificates.map((each: { id: number }) => each.id)
    assert.equal((await shop.tenant.put(`/certificate/${made}/archive`)).status, 204)
    assert.deepEqual([await listed(), await listed('?show_archived=true')], [[], [made]])
    assert.equal((await shop.tenant.put(`/certificate/${made}/archive`, null)).status, 204)
    assert.equal((await shop.tenant.put(`/certificate/${made}/unarchive`)).status, 204)
    assert.deepEqual(await listed(), [made])
    const primary = await shop.tenant.put(`/certificate/${certificateId}/archive`)
    assert.deepEqual([primary.status, primary.codes()], [400, ['cannot_archive_primary_certificate']])
    assert.deepEqual((await shop.tenant.put('/certificate/99999/archive')).codes(), ['not_found'])
  })

  test('one that waits for its approver is issued by his word, and shows when it was asked for', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    shop.service.advance(dayMs)
    const answer = await duplicate(shop, id, {}, { skip_approval: false })
    const [request] = answer.json().requests
    assert.deepEqual([answer.status, request.status], [201, 'pending'])
    assert.equal(await shop.status(id), 'issued')
    const shown = (await shop.tenant.get(`/request/${request.id}`)).json()
    assert.equal(shown.order.certificate.date_created, shown.date)
    await shop.tenant.put(`/request/${request.id}/status`, { status: 'approved' })
    const { certificates } = (await shop.tenant.get(`/order/certificate/${id}/duplicate`)).json()
    assert.equal(certificates[0].status, 'approved')
    assert.equal(certificates[0].valid_till, (await shop.info(id)).certificate.valid_till)
  })

  test('a rejected one leaves the order as it was', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    const [request] = (await duplicate(shop, id, {}, { skip_approval: false })).json().requests
    await shop.tenant.put(`/request/${request.id}/status`, { status: 'rejected' })
    const { certificates } = (await shop.tenant.get(`/order/certificate/${id}/duplicate`)).json()
    assert.equal(certificates[0].status, 'rejected')
    assert.equal(await shop.status(id), 'issued')
  })

  test('a waiting reissue keeps waiting when a duplicate is issued beside it', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    const [request] = (await duplicate(shop, id, {}, { skip_approval: false })).json().requests
    await shop.tenant.post(`/order/certificate/${id}/reissue`, { certificate: { csr: await csrPem() } })
    await shop.tenant.put(`/request/${request.id}/status`, { status: 'approved' })
    const info = await shop.info(id)
    assert.deepEqual([info.status, info.duplicates_count], ['reissue_pending', 1])
  })

  test('order_not_eligible_for_duplicate where the product has none, or the order is not issued, revoked or over', async (scope) => {
    const shop = await Shop.open(scope)
    const refused = async (id: number) => {
      const answer = await duplicate(shop, id)
      assert.deepEqual([answer.status, answer.codes()], [400, ['order_not_eligible_for_duplicate']])
    }
    await refused((await shop.waiting()).id)
    const revoked = await shop.order()
    await shop.tenant.put(`/order/certificate/${revoked.id}/revoke`, { skip_approval: true })
    await refused(revoked.id)
    const brief = await shop.order({ rest: { order_validity: { days: 2 } } })
    shop.service.advance(3 * dayMs)
    await refused(brief.id)
    const client = await shop.order({
      product: 'client_authentication_plus',
      certificate: { common_name: 'Ada Moser', emails: ['ada@shop.example.com'] },
    })
    await refused(client.id)
    assert.deepEqual((await duplicate(shop, 999_999)).codes(), ['not_found|order'])
  })
})

for (const kind of storeKinds) {
  test(`ten duplicates at once on ${kind.name} are ten certificates with numbers of their own`, {
    skip: kind.skip,
  }, async (scope) => {
    const shop = await Shop.open(scope, kind)
    const { id } = await shop.order()
    const requests = await Promise.all(Array.from({ length: 10 }, csrPem))
    const answers = await Promise.all(requests.map((csr) => duplicate(shop, id, { csr })))
    assert.deepEqual(
      answers.map(({ status }) => status),
      Array(10).fill(201),
    )
    const { certificates } = (await shop.tenant.get(`/order/certificate/${id}/duplicate`)).json()
    const numbers = certificates.map((each: { sub_id: string }) => each.sub_id)
    assert.deepEqual(
      numbers.toSorted(),
      Array.from({ length: 10 }, (_, n) => String(n + 1).padStart(3, '0')),
    )
    assert.equal((await shop.info(id)).duplicates_count, 10)
  })
}
