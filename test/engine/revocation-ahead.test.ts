import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { changeStatus } from '../../src/core/certificates/change-status.ts'
import { acceptClockStep } from '../../src/core/clock-step.ts'
import { publishCrl } from '../../src/core/status/publish-crl.ts'
import { renewRespondersJob } from '../../src/jobs/renew-responders.ts'
import { suiteEngine, testAccount } from '../support/engine.ts'
import { hex } from '../support/hex.ts'
import { testCaller } from '../support/installation.ts'
import { type Door, doorOf, testAuthority } from '../support/issuing.ts'
import { checkedAnswer, publishedCrl, statusRequest } from '../support/status.ts'
import { storeKinds } from '../support/stores.ts'

const dayMs = 24 * 3_600_000

for (const kind of storeKinds) {
  describe(`revocation while the clock runs ahead, on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    let door: Door
    before(async () => {
      const { account } = await testAccount(engine())
      door = doorOf(engine(), await testAuthority(engine(), account.id, { serverKeys: true }))
      await renewRespondersJob(engine(), 'test').run(new AbortController().signal)
    })

    test('I4 what was revoked ahead of time is told as revoked by now, not later than the answer and the list', async () => {
      const { clock, ocsp } = engine()
      const { id, serialNumber } = await door.issue()
      const present = clock.time
      clock.time += dayMs
      const change = { accountId: null, certificateId: id, to: 'revoked', reason: 4 } as const
      await changeStatus(engine(), change, testCaller)
      assert.equal(await publishCrl(engine(), door.authority.id), true)
      clock.time = present

      const { der } = await ocsp.answer(statusRequest(door.authority, serialNumber))
      const { producedAt, responses } = await checkedAnswer(der, door.authority)
      assert.deepEqual(responses[0]?.certStatus, { status: 'revoked', revocationTime: producedAt, reason: 4 })

      await acceptClockStep(engine(), present, testCaller)
      assert.equal(await publishCrl(engine(), door.authority.id), true)
      const crl = await publishedCrl(engine(), door.authority)
      const entry = [...crl.entries()].find((each) => hex(each.serialNumber) === hex(serialNumber))
      assert.equal(entry?.revocationDate, crl.thisUpdate)
    })
  })
}
