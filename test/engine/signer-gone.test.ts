import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { systemCaller } from '../../src/core/audit/caller.ts'
import { isFault } from '../../src/core/faults.ts'
import { advanceOrder } from '../../src/core/orders/advance-order.ts'
import { CLAIM_MS } from '../../src/core/orders/issue-order-certificate.ts'
import { Shop } from '../faces/certcentral/issued-orders.ts'
import { storeKinds } from '../support/stores.ts'
import { withSigner } from './faults-support.ts'

for (const kind of storeKinds) {
  describe(`orders while the CA's key is out of reach, on ${kind.name}`, { skip: kind.skip }, () => {
    test('S8 an order that cannot be signed waits as it is, and is issued once when the key is back', async (context) => {
      const shop = await Shop.open(context, kind)
      const { engine } = shop.service
      const { accountId } = shop.tenant
      let isGone = true
      let signatures = 0
      const failing = withSigner(engine, () => {
        if (isGone) throw new Error('the token is not present')
        signatures++
      })
      // While its organization is deactivated an approved order waits.
      const { id, requestId } = await shop.waiting()
      const { organizationId } = shop
      await shop.tenant.put(`/organization/${organizationId}/deactivate`)
      assert.equal(
        (await shop.tenant.put(`/request/${requestId}/status`, { status: 'approved' })).status,
        204,
      )
      await shop.tenant.put(`/organization/${organizationId}/activate`)
      assert.equal(await shop.status(id), 'pending')

      const advance = () => advanceOrder(failing, accountId, id, systemCaller)
      for (let attempt = 0; attempt < 3; attempt++) {
        await assert.rejects(advance(), (error) => isFault(error, 'issuance_uncertain'))
        assert.equal(await shop.status(id), 'pending')
        shop.service.advance(CLAIM_MS + 1)
      }
      isGone = false
      const { order } = await advance()
      assert.equal(order.status, 'issued')
      assert.equal(signatures, 1)
      // Each attempt burned a serial number; none of them was signed.
      const [row] = await engine.query(
        `SELECT (SELECT count(*) FROM order_certificate WHERE order_id = ${id}) AS certificates,
                (SELECT count(*) FROM ended_reservation) AS burned`,
      )
      assert.deepEqual([Number(row?.certificates), Number(row?.burned)], [1, 3])
    })
  })
}
