/**
 * One request loop of a site: issues, reissues, revokes and publishes CRLs until it is killed. It is told by a
 * message what to do; what its verbs acknowledged it writes to the history.
 */
import { flushCompileCache } from 'node:module'
import { certificateId } from '../../src/core/brand.ts'
import type { RevocationReason } from '../../src/core/certificates/certificate.ts'
import { changeStatus } from '../../src/core/certificates/change-status.ts'
import { issueCertificate } from '../../src/core/certificates/issue.ts'
import type { IssuedCertificate, KeySource } from '../../src/core/certificates/issue-request.ts'
import { reissueCertificate } from '../../src/core/certificates/reissue.ts'
import type { StopPoint } from '../../src/core/environment.ts'
import { isFault } from '../../src/core/faults.ts'
import { publishCrl } from '../../src/core/status/publish-crl.ts'
import { testCaller } from '../support/installation.ts'
import { type CrashSite, clockOf, openSiteEngine, type SiteEngine, type SiteTime } from './engine.ts'
import { openHistory } from './history.ts'
import { digestOf } from './journal.ts'

/** What one worker of a round is told. */
export interface Order {
  readonly site: CrashSite
  readonly time: SiteTime
  readonly history: string
  readonly journal: string
  /** Tells the workers of a round apart. */
  readonly name: string
  /** Where it kills itself, and at which passage. */
  readonly stop?: { readonly point: StopPoint; readonly passage: number }
  /** Certificates of earlier rounds that both workers revoke and reissue. */
  readonly shared: readonly number[]
  /** PKCS#10, base64. */
  readonly requests: readonly string[]
}

const ISSUING = 6
const REVOKING = 2
const SERVER_KEY_EVERY = 16
const reasons: readonly RevocationReason[] = [0, 1, 3, 4, 5]

process.once('message', (order: Order) => {
  work(order).catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
})
// A test that was stopped leaves nobody at work.
process.once('disconnect', () => process.exit(1))
// Otherwise written at an orderly end, which never comes.
flushCompileCache()
// Whoever started it waits for this before the order is given.
process.send?.('loaded')

async function work(order: Order): Promise<void> {
  const history = openHistory(order.history)
  const engine = await openSiteEngine(order.site, {
    clock: clockOf(order.time),
    journal: order.journal,
    processName: order.name,
    stopAt: killAt(order),
  })
  process.send?.('working')
  const own: number[] = []
  const loops = [
    ...Array.from({ length: ISSUING }, (_, index) => issuing(engine, order, history, own, index)),
    ...Array.from({ length: REVOKING }, () => revoking(engine, order, history, own)),
    reissuing(engine, order, history, own),
    publishing(engine, order, history),
  ]
  await Promise.all(loops)
}

function killAt({ stop }: Order) {
  let passages = 0
  return (point: StopPoint) => {
    if (point !== stop?.point || ++passages < stop.passage) return
    process.kill(process.pid, 'SIGKILL')
    // Nothing of this process may go on.
    return new Promise<void>(() => {})
  }
}

type History = ReturnType<typeof openHistory>

async function issuing(engine: SiteEngine, order: Order, history: History, own: number[], loop: number) {
  const { accountId, authorityId } = order.site
  for (let round = loop; ; round += ISSUING) {
    const serverKey = round % SERVER_KEY_EVERY === 0
    const csr = Buffer.from(order.requests[round % order.requests.length] ?? '', 'base64')
    const key: KeySource = serverKey ? { from: 'server', kind: 'p-256' } : { from: 'request', csr }
    const name = `${order.name}-${round}.crash.internal`
    await attempt(async () => {
      const issued = await issueCertificate(
        engine,
        {
          accountId,
          authorityId,
          origin: 'command-line',
          key,
          names: [{ type: 'dns', value: name, parameter: 'name' }],
          subject: [],
        },
        testCaller,
      )
      tellIssued(history, issued, serverKey)
      own.push(issued.id)
    })
  }
}

async function reissuing(engine: SiteEngine, order: Order, history: History, own: number[]) {
  const { accountId } = order.site
  for (;;) {
    const id = await someOf(order, own)
    const reissue = { accountId, certificateId: certificateId(id), origin: 'command-line' } as const
    await attempt(async () => {
      try {
        tellIssued(history, await reissueCertificate(engine, reissue, testCaller), false)
      } catch (error) {
        if (!isFault(error, 'certificate_superseded')) throw error
        history.tell({ told: 'refused', id })
      }
    })
  }
}

function tellIssued(history: History, issued: IssuedCertificate, serverKey: boolean): void {
  history.tell({
    told: 'issued',
    id: issued.id,
    serialNumber: Buffer.from(issued.serialNumber).toString('hex'),
    sha256: digestOf(issued.certificateDer),
    serverKey,
  })
}

async function revoking(engine: SiteEngine, order: Order, history: History, own: number[]) {
  const { accountId } = order.site
  for (let round = 0; ; round++) {
    const id = await someOf(order, own)
    const reason = reasons[round % reasons.length] ?? 0
    const change = { accountId, certificateId: certificateId(id), to: 'revoked', reason } as const
    await attempt(async () => {
      await changeStatus(engine, change, testCaller)
      history.tell({ told: 'revoked', id })
    })
  }
}

async function publishing(engine: SiteEngine, { site: { authorityId } }: Order, history: History) {
  for (;;) {
    await attempt(async () => {
      if (!(await publishCrl(engine, authorityId))) return
      const latest = await engine.store.read((view) => view.status.latestCrlHeader(authorityId, 0))
      if (latest !== undefined) history.tell({ told: 'published', number: latest.number })
    })
    await pause(2)
  }
}

/** Nothing is acknowledged where the store was busy with the other worker for too long; all else is an error. */
async function attempt(act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!isFault(error, 'store_busy')) throw error
  }
}

/** A certificate of this worker, or one that the other worker may be at as well. */
async function someOf(order: Order, own: readonly number[]): Promise<number> {
  await pause(1)
  for (;;) {
    const from = Math.random() < 0.5 ? order.shared : own
    const id = from[Math.floor(Math.random() * from.length)]
    if (id !== undefined) return id
    await pause(1)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
