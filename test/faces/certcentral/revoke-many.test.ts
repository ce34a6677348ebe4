import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { identify } from '../../../src/core/identity/principal.ts'
import type { OrderCertificate } from '../../../src/core/orders/order.ts'
import { certificatesOf } from '../../../src/core/orders/order-changes/order-certificates.ts'
import { revokeOrder } from '../../../src/core/orders/revoke-order.ts'
import { pollValidationsJob } from '../../../src/jobs/poll-validations.ts'
import { testCaller } from '../../support/installation.ts'
import { storeKinds } from '../../support/stores.ts'
import { duplicate } from './duplicates.ts'
import { Shop } from './issued-orders.ts'
import { csrPem } from './ordering.ts'

const minuteMs = 60_000
const mostAtOnce = 100

const certificates = async (shop: Shop, id: number): Promise<readonly OrderCertificate[]> =>
  shop.service.engine.store.read((view) => certificatesOf(view, { accountId: shop.tenant.accountId, id }))

/** Statuses of an order's certificates, and how many have each. */
async function counts(shop: Shop, id: number): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const { status } of await certificates(shop, id)) found[status] = (found[status] ?? 0) + 1
  return found
}

/** How many of an order's certificates the CA says are revoked. */
const revoked = async (shop: Shop, id: number) => {
  const all = await certificates(shop, id)
  const statuses = await shop.service.engine.store.read(function* (view) {
    const found = []
    for (const { issued } of all) if (issued !== null) found.push(yield* view.status.of(issued.certificateId))
    return found
  })
  return statuses.filter((each) => each?.status === 'revoked').length
}

async function withDuplicates(shop: Shop, count: number): Promise<number> {
  const { id } = await shop.order()
  const certificate = { csr: await csrPem() }
  for (let made = 0; made < count; made++) {
    const answer = await duplicate(shop, id, certificate)
    assert.equal(answer.status, 201, answer.text)
  }
  return id
}

for (const kind of storeKinds) {
  describe(`revoking orders of many certificates on ${kind.name}`, { skip: kind.skip }, () => {
    test('all are revoked when the call returns, also one more than a transaction ends', async (scope) => {
      const shop = await Shop.open(scope, kind)
      const id = await withDuplicates(shop, mostAtOnce)
      const answer = await shop.tenant.put(`/order/certificate/${id}/revoke`, { skip_approval: true })
      assert.equal(answer.status, 204, answer.text)
      assert.deepEqual(await counts(shop, id), { revoked: mostAtOnce + 1 })
      assert.equal(await revoked(shop, id), mostAtOnce + 1)
    })

    test('what a process that ended left, the background revokes', async (scope) => {
      const shop = await Shop.open(scope, kind)
      const id = await withDuplicates(shop, mostAtOnce + 1)
      await duplicate(shop, id, {}, { skip_approval: false })
      const { engine } = shop.service
      const by = await identify(engine, shop.tenant.key, 'request')
      const cutOff = async (point: string) => {
        if (point === 'revoke.committed') throw new Error('cut off')
      }
      const wish = { reason: 4, comments: '', skipApproval: true } as const
      await assert.rejects(
        revokeOrder({ ...engine, stopAt: cutOff }, by, String(id), wish, testCaller),
        /cut off/,
      )
      assert.equal(await shop.status(id), 'revoked')
      assert.deepEqual(await counts(shop, id), { revoked: mostAtOnce, issued: 2, rejected: 1 })
      const primary = (await shop.info(id)).certificate
      assert.equal(primary.status, 'revoked')
      shop.service.advance(minuteMs)
      await pollValidationsJob(engine).run(new AbortController().signal)
      assert.deepEqual(await counts(shop, id), { revoked: mostAtOnce + 2, rejected: 1 })
      assert.equal(await revoked(shop, id), mostAtOnce + 2)
    })
  })
}
