import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { systemCaller } from '../../src/core/audit/caller.ts'
import type { CertificateId } from '../../src/core/brand.ts'
import { changeStatus } from '../../src/core/certificates/change-status.ts'
import { newSerialNumber } from '../../src/core/policy/serial-number.ts'
import { publishCrl } from '../../src/core/status/publish-crl.ts'
import type { Installation } from './installation.ts'
import type { Figures, Task } from './task.ts'

/** Programs of one transaction: the store takes 256. */
const AT_ONCE = 256
const YEAR_MS = 365 * 24 * 60 * 60 * 1_000

/** Certificates that were stored and are neither revoked nor expired. */
const good: CertificateId[] = []

/** Stores certificates without checks and signatures: what counts is how many there are. */
export async function fill(
  installation: Installation,
  { revoked, good: unrevoked }: Extract<Task, { kind: 'fill' }>,
): Promise<Figures> {
  const start = performance.now()
  for (let stored = 0; stored < revoked + unrevoked; stored += AT_ONCE) {
    const places = Array.from(
      { length: Math.min(AT_ONCE, revoked + unrevoked - stored) },
      (_, at) => stored + at,
    )
    await Promise.all(places.map((place) => storeCertificate(installation, place < revoked)))
  }
  return { count: revoked + unrevoked, seconds: (performance.now() - start) / 1_000 }
}

async function storeCertificate(installation: Installation, isRevoked: boolean): Promise<void> {
  const { engine, accountId, authorityId } = installation
  const now = engine.clock.now()
  const serialNumber = newSerialNumber(engine.random)
  const attempt = engine.random.bytes(16)
  const notAfter = now + YEAR_MS
  const id = await engine.store.write(function* (transaction) {
    const reserved = yield* transaction.certificates.reserve({
      accountId,
      authorityId,
      serialNumber,
      attempt,
      profile: 'tls-server',
      origin: 'command-line',
      notBefore: now,
      notAfter,
      name: 'host.bench.example',
      spkiDigest: randomBytes(32),
      tbsDer: randomBytes(600),
      csrDer: null,
      keyId: null,
      supersedes: null,
      createdAt: now,
    })
    if (reserved === undefined) throw new RangeError('a serial number was drawn twice')
    yield* transaction.certificates.complete(reserved, attempt, randomBytes(71), now)
    if (isRevoked) {
      yield* transaction.status.set({
        certificateId: reserved,
        authorityId,
        serialNumber,
        status: 'revoked',
        reason: 4,
        at: now,
        notAfter,
      })
    }
    return reserved
  })
  if (!isRevoked) good.push(id)
}

/** Revokes at the engine's verb. */
export async function revoke(
  { engine, accountId }: Installation,
  { count, concurrency }: Extract<Task, { kind: 'revoke' }>,
): Promise<Figures> {
  const chosen = good.splice(0, count)
  const start = performance.now()
  let at = 0
  const keepRevoking = async () => {
    for (let id = chosen[at++]; id !== undefined; id = chosen[at++]) {
      const change = { accountId, certificateId: id, to: 'revoked' as const, reason: 4 as const }
      await changeStatus(engine, change, systemCaller)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, keepRevoking))
  return { count: chosen.length, seconds: (performance.now() - start) / 1_000 }
}

/** Makes the CRL, and looks at the memory and at how long others would have waited meanwhile. */
export async function buildCrl({ engine, authorityId }: Installation): Promise<Figures> {
  const memoryBefore = process.memoryUsage.rss()
  let memoryAtMost = memoryBefore
  let longestWait = 0
  let isBuilding = true
  const watch = async () => {
    for (let last = performance.now(); isBuilding; ) {
      await delay(1)
      const now = performance.now()
      longestWait = Math.max(longestWait, now - last - 1)
      last = now
      memoryAtMost = Math.max(memoryAtMost, process.memoryUsage.rss())
    }
  }
  const watching = watch()
  const start = performance.now()
  const published = await publishCrl(engine, authorityId)
  const seconds = (performance.now() - start) / 1_000
  isBuilding = false
  await watching
  const crl = await engine.store.read((view) => view.status.latestCrl(authorityId, 0))
  if (!published || crl === undefined) throw new Error('no CRL was made')
  return {
    seconds,
    entries: crl.entries,
    bytes: crl.der.length,
    memoryBefore,
    memoryAtMost,
    longestWaitMs: longestWait,
  }
}
