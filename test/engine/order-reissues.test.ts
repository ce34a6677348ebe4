import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ABANDONED_AFTER_MS, recoverReservations } from '../../src/core/certificates/recover.ts'
import type { StopPoint } from '../../src/core/environment.ts'
import { isFault } from '../../src/core/faults.ts'
import { identify, type Principal } from '../../src/core/identity/principal.ts'
import { advanceOrder } from '../../src/core/orders/advance-order.ts'
import { cancelOrder } from '../../src/core/orders/cancel-order.ts'
import { orderRequests } from '../../src/core/orders/orders.ts'
import { type ReissueWish, reissueOrder } from '../../src/core/orders/reissue-order.ts'
import { Shop } from '../faces/certcentral/issued-orders.ts'
import { csrPem } from '../faces/certcentral/ordering.ts'
import { testCaller } from '../support/installation.ts'
import { storeKinds } from '../support/stores.ts'

async function wish(changes: Partial<ReissueWish> = {}): Promise<ReissueWish> {
  return {
    commonName: null,
    dnsNames: null,
    csr: await csrPem(),
    signatureHash: null,
    serverPlatformId: null,
    organizationUnits: null,
    caCertId: null,
    validity: null,
    skipApproval: true,
    comments: '',
    disableCt: null,
    method: null,
    controlScope: null,
    approvers: [],
    customFields: [],
    provisioning: null,
    shipTo: null,
    isStoredAsDuplicate: false,
    ...changes,
  }
}

const options = { binding: { *bind() {} }, pause: () => Promise.resolve() }

/** Holds whoever comes to a point until it is opened. */
function barrier(at: StopPoint) {
  const reached = Promise.withResolvers<void>()
  const open = Promise.withResolvers<void>()
  const stopAt = async (point: StopPoint): Promise<void> => {
    if (point !== at) return
    reached.resolve()
    await open.promise
  }
  return { stopAt, reached: reached.promise, open: open.resolve }
}

/** How many certificates were given up after they may have been signed. */
async function closed({ service }: Shop): Promise<number> {
  const [row] = await service.engine.query(
    `SELECT count(*) AS n FROM event WHERE body LIKE '%"action":"certificate.closed"%'`,
  )
  return Number(row?.n)
}

/** Code of the fault that an act ends with. */
const codeOf = (act: Promise<unknown>): Promise<string> =>
  act.then(
    () => 'none',
    (error: unknown) => (isFault(error) ? error.code : String(error)),
  )

const principalOf = (shop: Shop): Promise<Principal> =>
  identify(shop.service.engine, shop.tenant.key, 'request')

for (const kind of storeKinds) {
  describe(`reissues that something comes between on ${kind.name}`, { skip: kind.skip }, () => {
    test('a process that dies while it signs keeps the order for a minute, and can record nothing later', async (scope) => {
      const shop = await Shop.open(scope, kind)
      const { engine } = shop.service
      const { id, certificateId } = await shop.order()
      const by = await principalOf(shop)
      const { stopAt, reached, open } = barrier('issue.signed')
      const dying = reissueOrder({ ...engine, stopAt }, by, String(id), await wish(), options, testCaller)
      const outcome = codeOf(dying)
      await reached
      const again = async () => reissueOrder(engine, by, String(id), await wish(), options, testCaller)
      assert.equal(await codeOf(again()), 'reissue_pending')
      const meanwhile = await shop.info(id)
      assert.deepEqual([meanwhile.status, meanwhile.certificate.id], ['issued', certificateId])
      shop.service.advance(60_001)
      const second = await again()
      assert.equal(second.order.certificateId, second.certificate.id)
      open()
      assert.equal(await outcome, 'certificate_superseded')
      const info = await shop.info(id)
      assert.deepEqual([info.certificate.id, info.reissues_count], [second.certificate.id, 1])
      assert.equal(await closed(shop), 1)
    })

    test('what a dead process reserved is closed, and the order was never touched', async (scope) => {
      const shop = await Shop.open(scope, kind)
      const { engine } = shop.service
      const { id, certificateId } = await shop.order()
      const { stopAt, reached } = barrier('issue.linted')
      void reissueOrder(
        { ...engine, stopAt },
        await principalOf(shop),
        String(id),
        await wish(),
        options,
        testCaller,
      )
      await reached
      shop.service.advance(ABANDONED_AFTER_MS + 1)
      assert.equal(await recoverReservations(engine), 1)
      const info = await shop.info(id)
      assert.deepEqual([info.status, info.certificate.id, info.reissues_count], ['issued', certificateId, 0])
      const { certificates } = (await shop.tenant.get(`/order/certificate/${id}/reissue`)).json()
      assert.deepEqual(certificates, [])
    })

    test('a reissue that is canceled while it is signed comes to nothing', async (scope) => {
      const shop = await Shop.open(scope, kind)
      const { engine } = shop.service
      const { id, certificateId } = await shop.order()
      const by = await principalOf(shop)
      const asked = await wish({ skipApproval: false })
      const { request } = await reissueOrder(engine, by, String(id), asked, options, testCaller)
      await shop.tenant.setPolicy({ approvals: 'none' })
      await engine.store.write((transaction) =>
        transaction.collection(orderRequests).replace({ ...request, status: 'approved' }),
      )
      const { stopAt, reached, open } = barrier('issue.signed')
      const advancing = codeOf(advanceOrder({ ...engine, stopAt }, by.account.id, id, testCaller))
      await reached
      await cancelOrder(engine, by, String(id), 'changed our minds', testCaller)
      open()
      assert.equal(await advancing, 'state_refused')
      const info = await shop.info(id)
      assert.deepEqual([info.status, info.certificate.id], ['issued', certificateId])
      assert.equal(await closed(shop), 1)
    })
  })
}
