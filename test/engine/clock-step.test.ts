import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { before, beforeEach, describe, test } from 'node:test'
import { ensureTlsCertificate } from '../../src/core/authorities/tls-certificate.ts'
import { changeStatus } from '../../src/core/certificates/change-status.ts'
import { acceptClockStep, findClockStep } from '../../src/core/clock-step.ts'
import type { StopPoints } from '../../src/core/environment.ts'
import { isFault } from '../../src/core/faults.ts'
import { createSigningGate } from '../../src/core/signing-gate.ts'
import { readSigningMark } from '../../src/core/signing-mark.ts'
import { publishCrl } from '../../src/core/status/publish-crl.ts'
import { deliveries } from '../../src/core/webhooks/delivery.ts'
import { signingClockJob } from '../../src/jobs/housekeeping.ts'
import { publishCrlsJob } from '../../src/jobs/publish-crls.ts'
import { renewRespondersJob } from '../../src/jobs/renew-responders.ts'
import { parseCertificate } from '../../src/pki/certificate.ts'
import { aDelivery } from '../support/deliveries.ts'
import { suiteEngine, type TestEngine, testAccount } from '../support/engine.ts'
import { hex } from '../support/hex.ts'
import { eventsOf, testCaller } from '../support/installation.ts'
import { type Door, doorOf, testAuthority } from '../support/issuing.ts'
import { checkedAnswer, entriesOf, publishedCrl, statusRequest } from '../support/status.ts'
import { storeKinds } from '../support/stores.ts'

const dayMs = 24 * 3_600_000
const yearMs = 365 * dayMs
const signal = new AbortController().signal

const diesBeforeSigning: StopPoints = (step) => {
  if (step === 'issue.linted') throw new Error('stopped by the test')
}

for (const kind of storeKinds) {
  describe(`a clock that ran ahead and was put back, on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    let door: Door
    before(async () => {
      const { account } = await testAccount(engine())
      door = doorOf(engine(), await testAuthority(engine(), account.id, { serverKeys: true }))
    })

    /** The background of one process, as it runs once in a while. */
    const background = (of: TestEngine = engine()) => {
      const jobs = [signingClockJob(of), publishCrlsJob(of, 'test'), renewRespondersJob(of, 'test')]
      return async () => {
        for (const job of jobs) await job.run(signal)
      }
    }
    /** Another process on the same store, which knows what is stored. */
    async function otherProcess(): Promise<TestEngine> {
      const signingGate = createSigningGate(0)
      signingGate.learn(await storedMark())
      return { ...engine(), signingGate }
    }
    const storedMark = async () =>
      readSigningMark(await engine().store.read((view) => view.runtime.setting('last-signing')))
    const accept = (presentTime = engine().clock.now()) => acceptClockStep(engine(), presentTime, testCaller)
    const byClock = (error: unknown) => isFault(error, 'signing_refused') && error.detail.reason === 'clock'
    const ocspAnswer = async (serialNumber: Uint8Array) => {
      const { der } = await engine().ocsp.answer(statusRequest(door.authority, serialNumber))
      return checkedAnswer(der, door.authority)
    }
    /** What another process confirmed in the test before is known to this one. */
    beforeEach(() => signingClockJob(engine()).run(signal))

    test('nothing is confirmed where nothing is behind', async () => {
      const before = await storedMark()
      const step = await accept()
      assert.equal(step.isBehind, false)
      assert.deepEqual(await storedMark(), before)
      assert.equal((await eventsOf(engine().installation, 'clock.step-accepted')).length, 0)
    })

    test('V5 it signs nothing until an operator confirms the present time, and then everything anew', async () => {
      const { clock, store } = engine()
      const revoked = await door.issue()
      const good = await door.issue()
      await changeStatus(
        engine(),
        { accountId: null, certificateId: revoked.id, to: 'revoked', reason: 4 },
        testCaller,
      )
      clock.time += 60_000
      const run = background()
      await run()
      const lastRight = await publishedCrl(engine(), door.authority)
      const present = clock.time

      // Twice, so that the clock took the revoked certificate for expired, and left it out.
      clock.time += yearMs
      await run()
      clock.time += 10 * dayMs
      await run()
      const ahead = await door.issue()
      assert.ok(entriesOf(lastRight).has(hex(revoked.serialNumber)))
      assert.ok(!entriesOf(await publishedCrl(engine(), door.authority)).has(hex(revoked.serialNumber)))
      await ocspAnswer(good.serialNumber)
      await signingClockJob(engine()).run(signal)
      const request = {
        accountId: door.authority.accountId,
        keyDigest: new Uint8Array(32),
        requestDigest: new Uint8Array(32),
      }
      await store.write(function* (transaction) {
        yield* transaction.runtime.takeLease('work', 'dead', clock.time, clock.time + 60_000)
        yield* transaction.idempotency.claim(request, 'dead', clock.time, clock.time + 60_000, 0)
        const rows = transaction.collection(deliveries)
        for (const dueAt of [clock.time + 60_000, present + 3_600_000]) {
          yield* rows.insert({ id: yield* rows.nextId(), ...aDelivery(door.authority.accountId, dueAt) })
        }
      })
      const before = await publishedCrl(engine(), door.authority)
      const lastSigning = engine().signingGate.lastSigning()
      const other = await otherProcess()
      const otherBackground = background(other)

      clock.time = present
      await assert.rejects(door.issue(), byClock)
      const step = await findClockStep(engine())
      assert.equal(step.isBehind, true)
      assert.equal(step.lastSigning, lastSigning)
      assert.ok(step.certificates >= 1 && step.crls >= 1 && step.responders >= 1, JSON.stringify(step))

      for (const wrong of [present + 6 * 60_000, present - 6 * 60_000, lastSigning]) {
        await assert.rejects(accept(wrong), (error) => isFault(error, 'parameter_invalid'))
      }
      assert.equal((await findClockStep(engine())).isBehind, true)

      assert.equal((await accept(present + 4 * 60_000)).isBehind, true)
      assert.equal((await findClockStep(engine())).isBehind, false)
      const { notBefore } = parseCertificate((await door.issue()).certificateDer)
      assert.equal(notBefore, Math.floor(present / 1_000) * 1_000)

      // The other process keeps its mark of the year ahead from the store, and signs as well.
      await assert.rejects(doorOf(other, door.authority).issue(), byClock)
      await otherBackground()
      await doorOf(other, door.authority).issue()
      assert.equal((await storedMark()).steps, 1)
      assert.ok((await storedMark()).at <= clock.time)

      await run()
      const crl = await publishedCrl(engine(), door.authority)
      assert.equal(crl.thisUpdate, Math.floor(present / 1_000) * 1_000)
      assert.ok((crl.crlNumber ?? 0n) > (before.crlNumber ?? 0n), 'I6 the number rises')
      assert.ok(entriesOf(crl).has(hex(revoked.serialNumber)), 'I4 what was left out is listed again')
      const responder = await store.read((view) => view.authorities.responder(door.authority.id))
      assert.ok(responder !== undefined && responder.notBefore <= present)
      for (const { serialNumber } of [good, ahead]) {
        const answer = await ocspAnswer(serialNumber)
        assert.deepEqual(answer.certificates, [responder.certificateDer])
        assert.ok(answer.producedAt <= present)
      }

      const free = await store.write((transaction) =>
        transaction.runtime.takeLease('work', 'living', clock.time, clock.time + 1),
      )
      assert.equal(free, true, 'a lease of the year ahead does not last a year')
      const claimed = await store.write((transaction) =>
        transaction.idempotency.claim(request, 'living', clock.time, clock.time + 60_000, 0),
      )
      assert.equal(claimed.state, 'claimed', 'nor does the claim on a request that came with a key')
      const waiting = await store.read((view) =>
        view.collection(deliveries).anyBetween('due_at', 0, Number.MAX_SAFE_INTEGER, 0, 10),
      )
      assert.deepEqual(
        waiting.map(({ dueAt }) => dueAt),
        [present, present + 3_600_000],
        'what waits for the year ahead is due, the rest when it was',
      )

      const [event, ...others] = await eventsOf(engine().installation, 'clock.step-accepted')
      assert.equal(others.length, 0)
      assert.equal(event?.at, present)
      assert.equal(event?.detail.lastSigning, lastSigning)
      assert.equal((await accept()).isBehind, false, 'a second time there is nothing to confirm')

      clock.time += 60_000
      assert.equal(await publishCrl(engine(), door.authority.id), true)
      const next = await publishedCrl(engine(), door.authority)
      assert.ok(next.thisUpdate > crl.thisUpdate && (next.crlNumber ?? 0n) > (crl.crlNumber ?? 0n))
    })

    test('a CRL of the future stops signing though the process that signed it told nobody', async () => {
      const { clock } = engine()
      const present = clock.time
      clock.time += yearMs
      assert.equal(await publishCrl(engine(), door.authority.id), true)
      clock.time = present
      // As after a crash: what is stored is of before.
      const started = await otherProcess()
      await assert.rejects(publishCrl(started, door.authority.id), byClock)
      await assert.rejects(doorOf(started, door.authority).issue(), byClock)
      assert.equal((await findClockStep(started)).isBehind, true)
      assert.equal((await acceptClockStep(started, present, testCaller)).isBehind, true)
      assert.equal(await publishCrl(started, door.authority.id), true)
      await doorOf(started, door.authority).issue()
    })

    test('what a process signed ahead is there to be confirmed as soon as its clock is behind', async () => {
      const { clock } = engine()
      const job = signingClockJob(engine())
      await job.run(signal)
      const present = clock.time
      clock.time += yearMs
      await door.issue()
      await job.run(signal)
      assert.ok((await storedMark()).at <= present, 'it is stored once a minute')
      clock.time = present
      await job.run(signal)
      assert.equal((await findClockStep(engine())).isBehind, true)
      assert.equal((await accept()).isBehind, true)
      await door.issue()
    })

    test('a reservation that a crash left open while the clock was ahead is closed with the confirmation', async () => {
      const { clock, store } = engine()
      const present = clock.time
      const dying = doorOf({ ...engine(), stopAt: diesBeforeSigning }, door.authority)
      clock.time += yearMs
      await assert.rejects(dying.issue(), /stopped by the test/)
      await signingClockJob(engine()).run(signal)
      clock.time = present
      await accept()
      await assert.rejects(dying.issue(), /stopped by the test/)
      const open = await store.read((view) => view.certificates.openReservationsAfter(0, 10))
      assert.deepEqual(
        [present],
        open.map(({ createdAt }) => createdAt),
      )
      const closed = await eventsOf(engine().installation, 'certificate.closed')
      assert.deepEqual(
        [present + yearMs],
        closed.map(({ detail }) => detail.reservedAt),
      )
    })

    test('an OCSP answer of the future is not given any more once the clock was put back', async () => {
      const { clock } = engine()
      await renewRespondersJob(engine(), 'test').run(signal)
      const { serialNumber } = await door.issue()
      const present = clock.time
      clock.time += 3_600_000
      await ocspAnswer(serialNumber)
      clock.time = present
      assert.ok((await ocspAnswer(serialNumber)).producedAt <= present)
    })

    test('the certificate of our own listeners is made anew when it is valid from the future on, as soon as something is signed', async () => {
      const { clock, store } = engine()
      await store.write((transaction) =>
        transaction.runtime.setSetting('operator-authority', String(door.authority.id)),
      )
      const present = clock.time
      const ensure = () => ensureTlsCertificate(engine(), ['ca.example.com'])
      clock.time += yearMs
      const ahead = await ensure()
      await signingClockJob(engine()).run(signal)
      clock.time = present
      assert.equal((await ensure()).chain, ahead.chain, 'the one there is, as none can be made')
      await accept()
      const { chain } = await ensure()
      assert.ok(new X509Certificate(chain).validFromDate.getTime() <= present)
      assert.equal((await ensure()).chain, chain)
    })

    test('a confirmation that could not be stored leaves signing stopped, and is made again', async () => {
      const { clock, store } = engine()
      const present = clock.time
      clock.time += yearMs
      await door.issue()
      await signingClockJob(engine()).run(signal)
      clock.time = present
      const failing = new Proxy(store, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name)
          if (typeof value !== 'function') return value
          if (name !== 'write') return value.bind(target)
          return async (program: Parameters<typeof store.write>[0]) =>
            await store.write(function* (transaction) {
              yield* program(transaction)
              throw new Error('stopped by the test')
            })
        },
      })
      await assert.rejects(
        acceptClockStep({ ...engine(), store: failing }, present, testCaller),
        /stopped by the test/,
      )
      await assert.rejects(door.issue(), byClock)
      assert.equal((await findClockStep(engine())).isBehind, true)
      assert.equal((await accept()).isBehind, true)
      await door.issue()
    })
  })
}
