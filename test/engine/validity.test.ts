import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { AuthorityRecord } from '../../src/core/authorities/authority.ts'
import type { AuthorityRequest } from '../../src/core/authorities/authority-request.ts'
import { isFault } from '../../src/core/faults.ts'
import { createSigningGate } from '../../src/core/signing-gate.ts'
import { renewResponder } from '../../src/core/status/renew-responder.ts'
import { parseCertificate } from '../../src/pki/certificate.ts'
import { suiteEngine, type TestEngine, testAccount } from '../support/engine.ts'
import { hex } from '../support/hex.ts'
import { type Door, dnsName, doorOf, refused, testAuthority } from '../support/issuing.ts'
import { opensslText } from '../support/openssl.ts'
import { storeKinds } from '../support/stores.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

for (const kind of storeKinds) {
  describe(`validity and serial numbers on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    let own: Awaited<ReturnType<typeof testAccount>>
    let door: Door
    before(async () => {
      own = await testAccount(engine())
      door = doorOf(engine(), own.issuing)
    })
    const authority = (more: Partial<AuthorityRequest> = {}): Promise<AuthorityRecord> =>
      testAuthority(engine(), own.account.id, {}, more)
    const dates = async (certificateDer: Uint8Array) =>
      opensslText(['x509', '-inform', 'DER', '-noout', '-dates'], { input: certificateDer })

    test('V1 90 days end one second before 90 times 86,400 seconds have passed', async () => {
      engine().clock.time = Date.UTC(2026, 11, 1, 12, 30, 15, 789)
      const { certificateDer, notBefore, notAfter } = await door.issue({ lifetimeDays: 90 })
      assert.equal(notAfter, notBefore + 90 * dayMs - 1_000)
      assert.equal(
        await dates(certificateDer),
        'notBefore=Dec  1 12:30:15 2026 GMT\nnotAfter=Mar  1 12:30:14 2027 GMT\n',
      )
    })

    test('V1 the longest lifetime that was granted is issued, one day more is refused', async () => {
      const limited = doorOf(
        engine(),
        await testAuthority(engine(), own.account.id, { maximumLifetimeDays: 100 }),
      )
      await limited.issue({ lifetimeDays: 100 })
      const { code, detail } = await limited.refusal({ lifetimeDays: 101 })
      assert.equal(code, 'validity_refused')
      assert.ok('reason' in detail)
      assert.equal(detail.reason, 'too-long')
      for (const lifetimeDays of [0, -1, 1.5, Number.NaN]) {
        assert.equal((await limited.refusal({ lifetimeDays })).code, 'parameter_invalid')
      }
    })

    test('V4 a leaf may end with its issuer and is refused a second later', async () => {
      engine().clock.time = Date.UTC(2026, 11, 2)
      const issuer = await authority({ lifetimeDays: 100 })
      const edge = doorOf(engine(), issuer)
      const { notAfter } = await edge.issue({ lifetimeDays: 100 })
      assert.equal(notAfter, issuer.notAfter)
      engine().clock.time += 1_000
      const limit = new Date(issuer.notAfter).toISOString()
      assert.deepEqual(
        await edge.refusal({ lifetimeDays: 100 }),
        refused({ code: 'validity_refused', detail: { reason: 'outlives-issuer', limit } }),
      )
      await edge.issue({ lifetimeDays: 99 })
      await assert.rejects(authority({ parentId: issuer.id, role: 'issuing', lifetimeDays: 100 }), (error) =>
        isFault(error, 'validity_refused'),
      )
    })

    test('V4 a CA that was refused for its lifetime leaves no key, no record and no CRL that is due', async () => {
      const issuer = await authority({ lifetimeDays: 100 })
      const left = async () => {
        const [row] = await engine().query(
          'SELECT (SELECT count(*) FROM authority) + (SELECT count(*) FROM private_key) AS count',
        )
        return Number(row?.count)
      }
      const before = await left()
      await assert.rejects(authority({ parentId: issuer.id, role: 'issuing', lifetimeDays: 101 }), (error) =>
        isFault(error, 'validity_refused'),
      )
      assert.equal(await left(), before)
    })

    test('V4 a CA whose lifetime nobody asked for ends with the CA above it', async () => {
      const issuer = await authority({ lifetimeDays: 100 })
      const below = await authority({ parentId: issuer.id, role: 'issuing' })
      assert.equal(below.notAfter, issuer.notAfter)
    })

    test('V4 an OCSP signer, which nobody asks for by its length, is cut to its issuer', async () => {
      const issuer = await authority({ lifetimeDays: 10 })
      await renewResponder(engine(), issuer.id)
      const record = await engine().store.read((view) => view.authorities.responder(issuer.id))
      assert.equal(record?.notAfter, issuer.notAfter)
    })

    test('V5 notBefore is the time of signing, earlier by the setting and by 48 hours at most', async () => {
      const issuer = doorOf(engine(), await authority())
      engine().clock.time += 10 * dayMs
      const begins = async (backdateMs: number) => {
        const settings = { ...engine().settings, backdateMs }
        return (await doorOf({ ...engine(), settings }, issuer.authority).issue()).notBefore
      }
      const now = Math.floor(engine().clock.now() / 1_000) * 1_000
      assert.equal(await begins(0), now)
      assert.equal(await begins(hourMs), now - hourMs)
      assert.equal(await begins(48 * hourMs), now - 48 * hourMs)
      assert.equal(await begins(480 * hourMs), now - 48 * hourMs)
    })

    test('V5 a clock that stepped back does not sign', async () => {
      await door.issue()
      const { time } = engine().clock
      engine().clock.time -= 10 * 60_000
      await assert.rejects(door.issue(), (error) => {
        assert.ok(isFault(error, 'signing_refused'))
        assert.equal(error.detail.reason, 'clock')
        return true
      })
      engine().clock.time = time
      await door.issue()
    })

    test('V6 serial numbers of issued certificates are positive, short, random and all different', async () => {
      const issued = await Promise.all(
        Array.from({ length: 150 }, (_, index) => door.issue({ names: [dnsName(`v${index}.example.com`)] })),
      )
      const serials = issued.map(({ certificateDer }) => parseCertificate(certificateDer).serialNumber)
      assert.equal(new Set(serials.map(hex)).size, serials.length)
      for (const serial of serials) {
        assert.ok(serial.length <= 20 && (serial[0] ?? 0) >= 0x01 && (serial[0] ?? 0) <= 0x7f)
      }
      // No bit beyond the first octet is the same in all of them.
      const { length } = serials[0] ?? assert.fail()
      assert.ok(length >= 9)
      for (let octet = 1; octet < length; octet += 1) {
        const values = serials.map((serial) => serial[octet] ?? 0)
        assert.equal(
          values.reduce((or, value) => or | value),
          0xff,
        )
        assert.equal(
          values.reduce((and, value) => and & value),
          0x00,
        )
      }
    })

    test('V7 a random source that repeats itself once gets another serial number, one that sticks is stopped', async () => {
      const first = await door.issue()
      const serial = hex(first.serialNumber)
      const repeating = (times: number): TestEngine['random'] => {
        let drawn = 0
        return {
          bytes(length) {
            // Serial numbers have one fixed octet before the random ones.
            if (length !== first.serialNumber.length - 1) return engine().random.bytes(length)
            drawn += 1
            return drawn <= times ? first.serialNumber.slice(1) : engine().random.bytes(length)
          },
        }
      }
      const once = await doorOf({ ...engine(), random: repeating(1) }, own.issuing).issue()
      assert.notEqual(hex(once.serialNumber), serial)
      const stuck = doorOf({ ...engine(), random: repeating(Number.POSITIVE_INFINITY) }, own.issuing)
      await assert.rejects(stuck.issue(), (error) => isFault(error, 'store_failed'))
      const signed = await engine().query('SELECT serial_number FROM certificate')
      const stored = signed.map((row) =>
        row.serial_number instanceof Uint8Array ? hex(row.serial_number) : '',
      )
      assert.equal(stored.filter((each) => each === serial).length, 1)
    })

    // Last: the years pass.
    test('V3 dates to 2049 are UTCTime, from 2050 on GeneralizedTime, with seconds and Z', async () => {
      // The gate compares with the last signing, which lies years back then.
      const at = (time: number) => {
        engine().clock.time = time
        return { ...engine(), signingGate: createSigningGate(0) }
      }
      const now = at(Date.UTC(2049, 11, 30, 1, 2, 3))
      const issuer = await testAuthority(now, own.account.id, {}, { lifetimeDays: 3_650 })
      assert.equal(forms(issuer.certificateDer), 'UTC 491230010203Z GEN 20591228010202Z')
      const leaf = (engineThen: TestEngine, lifetimeDays: number) =>
        doorOf(engineThen, issuer).issue({ lifetimeDays })
      assert.equal(forms((await leaf(now, 1)).certificateDer), 'UTC 491230010203Z UTC 491231010202Z')
      const lastSecond = at(Date.UTC(2049, 11, 31))
      assert.equal(forms((await leaf(lastSecond, 1)).certificateDer), 'UTC 491231000000Z UTC 491231235959Z')
      const across = await leaf(lastSecond, 2)
      assert.equal(forms(across.certificateDer), 'UTC 491231000000Z GEN 20500101235959Z')
      assert.equal(
        await dates(across.certificateDer),
        'notBefore=Dec 31 00:00:00 2049 GMT\nnotAfter=Jan  1 23:59:59 2050 GMT\n',
      )
      const after = await leaf(at(Date.UTC(2050, 0, 1)), 1)
      assert.equal(forms(after.certificateDer), 'GEN 20500101000000Z GEN 20500101235959Z')
    })
  })
}

/** Type and text of both dates, as they stand in the certificate. */
function forms(certificateDer: Uint8Array): string {
  const { validityDer } = parseCertificate(certificateDer)
  const texts: string[] = []
  for (let at = 2; at < validityDer.length; ) {
    const [tag = 0, length = 0] = validityDer.subarray(at, at + 2)
    const text = Buffer.from(validityDer.subarray(at + 2, at + 2 + length)).toString('latin1')
    texts.push(`${tag === 0x17 ? 'UTC' : tag === 0x18 ? 'GEN' : tag} ${text}`)
    at += 2 + length
  }
  return texts.join(' ')
}
