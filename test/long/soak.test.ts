import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { CertificateId } from '../../src/core/brand.ts'
import { changeStatus } from '../../src/core/certificates/change-status.ts'
import { isFault } from '../../src/core/faults.ts'
import { renewResponder } from '../../src/core/status/renew-responder.ts'
import { type Jobs, startJobs } from '../../src/jobs/jobs.ts'
import { ocspStatus, withSigner } from '../engine/faults-support.ts'
import { openEngine, type TestEngine, testAccount } from '../support/engine.ts'
import { testCaller } from '../support/installation.ts'
import { csrWish, doorOf } from '../support/issuing.ts'
import { lastFirst } from '../support/stores.ts'
import { temporaryFolder } from '../support/tmp.ts'

const HOURS = Number(process.env.CHANCERY_SOAK_HOURS ?? 24)
const durationMs = HOURS * 3_600_000
/** Caches fill: what is compared is what follows. */
const warmUpMs = durationMs / 4
const SAMPLES = 60
const CLIENTS = 8
/** A day at more than this would fill the disk: what half load has beyond it asks for status. */
const ISSUED_A_SECOND = 40
const FAULT_EVERY_MS = Math.min(5 * 60_000, durationMs / 20)
const MOST_GROWTH = 1.1

interface Sample {
  readonly heapMegabytes: number
  readonly residentMegabytes: number
  readonly openFiles: number
  readonly handles: number
}

type Own = Awaited<ReturnType<typeof testAccount>>

test(`S17 ${HOURS} h at half load with faults injected: memory, handles and open files do not grow`, {
  skip: process.platform === 'linux' ? false : 'NOT RUN: open files are counted on Linux',
}, async (context) => {
  const scope = lastFirst(context)
  const opened = await openEngine({ folder: temporaryFolder(scope, 'soak') })
  scope.after(() => opened.close())
  const own = await testAccount(opened)
  await renewResponder(opened, own.issuing.id)
  let signerBroken = false
  const engine = withSigner(opened, () => {
    if (signerBroken) throw new Error('the device is gone')
  })
  const startedAt = Date.now() - opened.clock.time
  const clock = setInterval(() => {
    opened.clock.time = Date.now() - startedAt
  }, 50)
  scope.after(() => clearInterval(clock))
  const jobs = startJobs(engine, engine.ocsp)
  scope.after(() => jobs.stop())

  const stop = new AbortController()
  const load = new Load(engine, own)
  const clients = Array.from({ length: CLIENTS }, () => load.run(stop.signal))
  const faults = injectFaults(engine, stop.signal, (broken) => {
    signerBroken = broken
  })
  const samples: Sample[] = []
  try {
    await Promise.race([delay(warmUpMs), ...clients, faults])
    for (let sample = 0; sample < SAMPLES; sample++) {
      await Promise.race([delay((durationMs - warmUpMs) / SAMPLES), ...clients, faults])
      samples.push(takeSample())
    }
  } finally {
    stop.abort()
  }
  await Promise.all([...clients, faults])
  context.diagnostic(`${load.issued} issued, ${load.asked} asked, ${load.refused} refused`)
  context.diagnostic(JSON.stringify([samples[0], samples.at(-1)]))
  assert.ok(load.issued > 0 && load.refused > 0)
  for (const name of ['heapMegabytes', 'residentMegabytes', 'openFiles', 'handles'] as const) {
    const early = median(samples.slice(0, SAMPLES / 4).map((sample) => sample[name]))
    const late = median(samples.slice(-SAMPLES / 4).map((sample) => sample[name]))
    assert.ok(late <= early * MOST_GROWTH, `${name} grew from ${early} to ${late}`)
  }
  await healed(jobs, own)
})

/** Clients that are at work half of their time. */
class Load {
  readonly #engine: TestEngine
  readonly #own: Own
  readonly #start = performance.now()
  readonly #recent: { readonly id: CertificateId; readonly serialNumber: Uint8Array }[] = []
  issued = 0
  asked = 0
  refused = 0

  constructor(engine: TestEngine, own: Own) {
    this.#engine = engine
    this.#own = own
  }

  async run(signal: AbortSignal): Promise<void> {
    for (let turn = 0; !signal.aborted; turn++) {
      const start = performance.now()
      try {
        await this.#act(turn)
      } catch (error) {
        if (!isFault(error)) throw error
        this.refused++
      }
      await delay(Math.max(1, performance.now() - start))
    }
  }

  async #act(turn: number): Promise<void> {
    const door = doorOf(this.#engine, this.#own.issuing)
    if (turn % 16 === 7) return void (await door.issue(csrWish('not a request')))
    if (this.issued < ((performance.now() - this.#start) / 1_000) * ISSUED_A_SECOND) {
      this.issued++
      this.#recent.push(await door.issue())
      if (this.#recent.length > 1_000) this.#recent.shift()
      return
    }
    const some = this.#recent[Math.floor(Math.random() * this.#recent.length)]
    if (some === undefined) return
    if (turn % 64 === 5) return this.#revoke(some.id)
    this.asked++
    await ocspStatus(this.#engine, this.#own, some.serialNumber)
  }

  #revoke(certificateId: CertificateId): Promise<void> {
    const accountId = this.#own.account.id
    return changeStatus(this.#engine, { accountId, certificateId, to: 'revoked' }, testCaller)
  }
}

/** By turns: the database locked by another program for longer than callers wait, and a signer that fails. */
async function injectFaults(
  engine: TestEngine,
  signal: AbortSignal,
  breakSigner: (broken: boolean) => void,
): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) {
    await pause(FAULT_EVERY_MS, signal)
    if (signal.aborted) return
    if (turn % 2 === 0) {
      const locker = new DatabaseSync(engine.installation.databaseFile, { timeout: 60_000 })
      locker.exec('BEGIN IMMEDIATE')
      await delay(6_000)
      locker.exec('ROLLBACK')
      locker.close()
    } else {
      breakSigner(true)
      await delay(2_000)
      breakSigner(false)
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal })
  } catch {
    // The run is over.
  }
}

/** After the last fault everything works again. */
async function healed(jobs: Jobs, own: Own): Promise<void> {
  for (let second = 0; second < 120 && jobs.failingCrls.has(own.issuing.id); second++) await delay(1_000)
  assert.deepEqual([...jobs.failingCrls.keys()], [])
}

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

function takeSample(): Sample {
  collectGarbage()
  const { heapUsed, external, rss } = process.memoryUsage()
  return {
    heapMegabytes: Math.round((heapUsed + external) / 100_000) / 10,
    residentMegabytes: Math.round(rss / 100_000) / 10,
    openFiles: readdirSync('/proc/self/fd').length,
    // Timers come and go with the pauses of the clients.
    handles: process.getActiveResourcesInfo().filter((name) => name !== 'Timeout' && name !== 'Immediate')
      .length,
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0
}
