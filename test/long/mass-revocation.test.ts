import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { CertificateId } from '../../src/core/brand.ts'
import { changeStatus } from '../../src/core/certificates/change-status.ts'
import { newSerialNumber } from '../../src/core/policy/serial-number.ts'
import { publishCrl } from '../../src/core/status/publish-crl.ts'
import { parseCrl } from '../../src/pki/crl.ts'
import { pemEncode } from '../../src/pki/pem.ts'
import { openEngine, type TestEngine, testAccount } from '../support/engine.ts'
import { testCaller } from '../support/installation.ts'
import { openssl, opensslMissing } from '../support/openssl.ts'
import { lastFirst, storeKinds } from '../support/stores.ts'
import { temporaryFolder } from '../support/tmp.ts'
import { countEvents } from './full-load.ts'

const CERTIFICATES = Number(process.env.CHANCERY_MASS_REVOCATION ?? 100_000)
const AT_ONCE = 64
const HOUR_MS = 3_600_000
const YEAR_MS = 365 * 24 * HOUR_MS
/** Growth while certificates are revoked, and while the CRL over all of them is built. */
const MOST_MEGABYTES = 400

type Own = Awaited<ReturnType<typeof testAccount>>

for (const kind of storeKinds) {
  test(`R19 ${CERTIFICATES} certificates are revoked by one loop on ${kind.name} within the hour, in bounded memory, resumed in between`, {
    skip: kind.skip,
  }, async (context) => {
    const scope = lastFirst(context)
    const { location } = await kind.place(scope)
    const folder = temporaryFolder(scope, 'mass')
    const open = () => openEngine({ folder, location })
    let engine = await open()
    scope.after(() => engine.close())
    const own = await testAccount(engine)
    const serialNumbers = await storeCertificates(engine, own)
    const ids = [...serialNumbers.keys()]

    const start = performance.now()
    const memoryBefore = process.memoryUsage.rss()
    const half = Math.floor(ids.length / 2)
    await revoke(engine, own, ids.slice(0, half))
    await engine.close()
    engine = await open()
    // Whoever does not know how far he came begins a little before: what is revoked stays as it is.
    await revoke(engine, own, ids.slice(half - Math.min(half, 1_000)))
    engine.clock.time += HOUR_MS
    assert.equal(await publishCrl(engine, own.issuing.id), true)
    const tookMs = performance.now() - start
    const grownMegabytes = (process.memoryUsage.rss() - memoryBefore) / 1_000_000
    context.diagnostic(`${Math.round(tookMs / 1_000)} s, memory grew by ${Math.round(grownMegabytes)} MB`)
    assert.ok(tookMs < HOUR_MS)
    assert.ok(grownMegabytes < MOST_MEGABYTES, `memory grew by ${grownMegabytes} MB`)

    const record = await engine.store.read((view) => view.status.latestCrl(own.issuing.id, 0))
    assert.ok(record)
    const crl = parseCrl(record.der)
    assert.equal(crl.entryCount, ids.length)
    const expected = new Set(serialNumbers.values())
    for (const entry of crl.entries()) {
      assert.ok(expected.delete(Buffer.from(entry.serialNumber).toString('hex')), 'a serial number of ours')
    }
    assert.equal(expected.size, 0)
    assert.equal((await countEvents(engine.store))['certificate.revoked'], ids.length)
    if (opensslMissing !== false) return
    const { status, stderr } = await openssl(['crl', '-inform', 'DER', '-noout', '-CAfile', 'ca.pem'], {
      input: record.der,
      files: { 'ca.pem': pemEncode('CERTIFICATE', own.issuing.certificateDer) },
    })
    assert.equal(status, 0, stderr)
    assert.match(stderr, /verify OK/)
  })
}

/** Certificates as rows, without checks and signatures: what counts is how many there are. */
async function storeCertificates(engine: TestEngine, own: Own): Promise<ReadonlyMap<CertificateId, string>> {
  const stored = new Map<CertificateId, string>()
  const now = engine.clock.now()
  const storeOne = async () => {
    const serialNumber = newSerialNumber(engine.random)
    const attempt = engine.random.bytes(16)
    const id = await engine.store.write(function* (transaction) {
      const id = yield* transaction.certificates.reserve({
        accountId: own.account.id,
        authorityId: own.issuing.id,
        serialNumber,
        attempt,
        profile: 'tls-server',
        origin: 'command-line',
        notBefore: now,
        notAfter: now + YEAR_MS,
        name: 'host.internal',
        spkiDigest: randomBytes(32),
        tbsDer: randomBytes(400),
        csrDer: null,
        keyId: null,
        supersedes: null,
        createdAt: now,
      })
      assert.ok(id !== undefined)
      yield* transaction.certificates.complete(id, attempt, randomBytes(71), now)
      return id
    })
    stored.set(id, Buffer.from(serialNumber).toString('hex'))
  }
  while (stored.size < CERTIFICATES) {
    const missing = Math.min(AT_ONCE, CERTIFICATES - stored.size)
    await Promise.all(Array.from({ length: missing }, storeOne))
  }
  return stored
}

async function revoke(engine: TestEngine, own: Own, ids: readonly CertificateId[]): Promise<void> {
  const waiting = ids.values()
  const loop = async () => {
    for (const certificateId of waiting) {
      const change = { accountId: own.account.id, certificateId, to: 'revoked', reason: 4 } as const
      await changeStatus(engine, change, testCaller)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, loop))
}
