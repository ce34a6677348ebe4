import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { accountId, certificateId } from '../../src/core/brand.ts'
import { certificateDerOf, certificateOf } from '../../src/core/certificates/certificate-of.ts'
import { ABANDONED_AFTER_MS, recoverReservations } from '../../src/core/certificates/recover.ts'
import { isFault } from '../../src/core/faults.ts'
import { renewResponder } from '../../src/core/status/renew-responder.ts'
import { readinessChecks } from '../../src/server/readiness-checks.ts'
import { digestOf } from '../crash/journal.ts'
import { openEngine, type TestEngine, testAccount } from '../support/engine.ts'
import { doorOf } from '../support/issuing.ts'
import { lastFirst } from '../support/stores.ts'
import { type Scope, temporaryFolder } from '../support/tmp.ts'
import { ocspStatus, withSigner } from './faults-support.ts'
import type { WriteLimitReport } from './faults-write-limit.ts'

const DISK_MEGABYTES = 6
/** Room for a few steps of issuance, so that any of them may be the one that fails. */
const LEFT_OCTETS = 16 * 1024

test('S3 a disk that is full before or after signing refuses, signs nothing without a record, and goes on when space returns', async (context) => {
  const scope = lastFirst(context)
  const folder = smallDisk(scope)
  if (folder === undefined) return context.skip('NOT RUN: mounting a small file system needs root')
  const opened = await openEngine({ folder })
  scope.after(() => opened.close())
  const own = await testAccount(opened)
  await renewResponder(opened, own.issuing.id)
  const signed: string[] = []
  const engine = withSigner(opened, (message) => signed.push(digestOf(message)))
  const full = (error: unknown) => isFault(error, 'store_full')
  const filler = join(folder, 'filler')
  const fill = (left: number) => {
    const { bavail, bsize } = statfsSync(folder)
    writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - left)))
  }

  const acknowledged = []
  fill(LEFT_OCTETS)
  let refusal: unknown
  while (refusal === undefined) {
    await doorOf(engine, own.issuing)
      .issue()
      .then(
        (issued) => acknowledged.push(issued),
        (error) => {
          refusal = error
        },
      )
  }
  assert.ok(full(refusal), String(refusal))
  const before = signed.length
  await assert.rejects(doorOf(engine, own.issuing).issue(), full)
  assert.equal(signed.length, before, 'nothing is signed that cannot be recorded first')
  assert.equal(engine.store.healthy(), true)

  rmSync(filler)
  const [storage] = readinessChecks(engine, new Map())
  assert.equal((await storage?.run())?.status, 'ok')
  acknowledged.push(await doorOf(engine, own.issuing).issue())

  // There is space to reserve, and none any more to record; but inside the files some may be left, for a while.
  const filling: TestEngine = {
    ...engine,
    stopAt: (point) => {
      if (point === 'issue.before-reserve') rmSync(filler, { force: true })
      if (point === 'issue.signed') fill(0)
    },
  }
  await assert.rejects(issueForEver(filling, own.issuing), full)
  rmSync(filler)
  assert.equal(await recoverReservations(engine), 0, 'its owner may still be at it')
  engine.clock.time += ABANDONED_AFTER_MS + 1
  const [open] = await engine.query('SELECT count(*) AS count FROM open_reservation')
  assert.ok(Number(open?.count) > 0)
  assert.equal(await recoverReservations(engine), Number(open?.count))
  for (const { serial_number: serialNumber } of await engine.query(
    `SELECT serial_number FROM ended_reservation WHERE state = 'closed'`,
  )) {
    assert.ok(serialNumber instanceof Uint8Array)
    assert.equal(await ocspStatus(engine, own, serialNumber), 'revoked')
  }
  acknowledged.push(await doorOf(engine, own.issuing).issue())

  assert.equal(new Set(signed).size, signed.length, 'nothing was signed twice')
  const bodies = await engine.query('SELECT tbs_der FROM certificate_body')
  const reserved = new Set(
    bodies.map((row) => digestOf(row.tbs_der instanceof Uint8Array ? row.tbs_der : Buffer.of())),
  )
  for (const digest of signed) assert.ok(reserved.has(digest), 'everything signed has its record')
  for (const { id, certificateDer } of acknowledged) {
    const record = await certificateOf(engine, own.account.id, id)
    assert.deepEqual(Buffer.from(certificateDerOf(record, own.issuing)), Buffer.from(certificateDer))
  }
})

async function issueForEver(engine: TestEngine, authority: Parameters<typeof doorOf>[1]): Promise<never> {
  for (;;) await doorOf(engine, authority).issue()
}

/** A file system of a few megabytes: a real full disk. Only root may mount one. */
function smallDisk(scope: Scope): string | undefined {
  const folder = temporaryFolder(scope, 'small')
  const options = `size=${DISK_MEGABYTES}m,mode=0700`
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'chancery-test', folder])
  if (mounted.status !== 0) return undefined
  scope.after(() => spawnSync('umount', ['-l', folder]))
  return folder
}

/** In KiB: above the database of a new installation, below its log where that is moved into it. */
const FILE_LIMIT_KIB = 2_048

test('S4 after a write error issuing stops, readiness fails, and a restart finds all that was acknowledged', {
  skip: process.platform === 'linux' ? false : 'NOT RUN: a limit on file sizes that fails writes needs Linux',
}, async (context) => {
  const scope = lastFirst(context)
  const folder = temporaryFolder(scope, 'eio')
  const child = spawnSync(
    'bash',
    [
      '-c',
      `ulimit -f ${FILE_LIMIT_KIB}; exec "$0" "$@"`,
      process.execPath,
      join(import.meta.dirname, 'faults-write-limit.ts'),
      folder,
    ],
    { encoding: 'utf8', timeout: 600_000 },
  )
  assert.equal(child.status, 0, child.stderr)
  const report: WriteLimitReport = JSON.parse(child.stdout)
  assert.notEqual(report.acknowledged.length, 0)
  assert.deepEqual(report.refused, ['store_failed', 'store_failed', 'store_failed', 'store_failed'])
  assert.equal(report.signedAfterwards, 0, 'issuing has stopped')
  assert.equal(report.healthy, false)
  assert.equal(report.storage, 'failed')

  assert.ok(existsSync(join(folder, 'chancery.db-check')), 'the next start checks the database')
  const engine = await openEngine({ folder })
  scope.after(() => engine.close())
  assert.ok(!existsSync(join(folder, 'chancery.db-check')))
  engine.clock.time += ABANDONED_AFTER_MS + 1
  await recoverReservations(engine)
  for (const { id, sha256 } of report.acknowledged) {
    const record = await certificateOf(engine, accountId(report.accountId), certificateId(id))
    const { authority } = await engine.directory.issuer(record.authorityId)
    assert.equal(digestOf(certificateDerOf(record, authority)), sha256)
  }
  const issuing = await engine.store.read((view) => view.authorities.ofAccount(accountId(report.accountId)))
  const authority = issuing.find(({ role }) => role === 'issuing')
  assert.ok(authority)
  await doorOf(engine, authority).issue()
})
