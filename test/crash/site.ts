import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { markChains } from '../../src/core/audit/mark-chains.ts'
import { verifyAudit } from '../../src/core/audit/verify.ts'
import type { StopPoint } from '../../src/core/environment.ts'
import { testRequest } from '../support/engine.ts'
import type { StorePlace } from '../support/stores.ts'
import { type CrashSite, clockOf, openSiteEngine, prepareSite, type SiteTime, siteStart } from './engine.ts'
import { type Comparison, Ledger } from './ledger.ts'
import type { Order } from './worker.ts'
import { killedByItself, loadWorker, type Worker } from './workers.ts'

/** How a round ends. */
export type Ending =
  /** Both workers are killed so long after they were told to open the store, or after both work. */
  | { readonly afterMs: number; readonly of: 'opening' | 'working' }
  /** The first worker kills itself there; the second is killed a little later. */
  | { readonly point: StopPoint; readonly passage: number }

const REQUESTS = 20
/** Unfinished work counts as abandoned then. */
const ABANDONED_MS = 150_000
/** Between the end of a comparison and the next round, on the site's clocks. */
const PAUSE_MS = 2_000
const SHARED_CERTIFICATES = 30

/** An installation on which round follows round. Between them nobody has its store open, as after a power cut. */
export class KilledSite {
  readonly #site: CrashSite
  readonly #ledger: Ledger
  readonly #requests: readonly string[]
  #next: Promise<readonly [Worker, Worker]> | undefined
  #siteAt = siteStart
  #round = 0

  static async prepare(folder: string, place: StorePlace): Promise<KilledSite> {
    const site = await prepareSite(folder, place.location)
    const requests = await Promise.all(Array.from({ length: REQUESTS }, () => testRequest()))
    const killed = new KilledSite(
      site,
      new Ledger(site, place.query),
      requests.map((der) => Buffer.from(der).toString('base64')),
    )
    const engine = await killed.#open({ siteAt: siteStart - 10_000, realAt: Date.now() }, 'journal-0')
    await killed.#ledger.begin(engine)
    await engine.close()
    return killed
  }

  private constructor(site: CrashSite, ledger: Ledger, requests: readonly string[]) {
    this.#site = site
    this.#ledger = ledger
    this.#requests = requests
  }

  /** Runs two workers, kills them, and compares what is left. */
  async round(ending: Ending): Promise<Comparison> {
    this.#round++
    const files = { history: this.#path('history'), journal: this.#path('journal') }
    const time = { siteAt: this.#siteAt, realAt: Date.now() }
    const [first, second] = await (this.#next ?? this.#loadPair())
    this.#next = undefined
    try {
      const stop = 'point' in ending ? { stop: ending } : {}
      first.start({ ...this.#order(files, time, 'first'), ...stop })
      second.start(this.#order(files, time, 'second'))
      if ('point' in ending) {
        await killedByItself(first, ending.point)
        await delay(Math.random() * 40)
      } else {
        if (ending.of === 'working') await Promise.all([first.working, second.working])
        await delay(ending.afterMs)
      }
    } finally {
      first.kill()
      second.kill()
    }
    await Promise.all([first.killed, second.killed])
    // They load while this process compares.
    this.#next = this.#loadPair()
    return await this.#compare(files, time)
  }

  /** Ends the workers that were loaded for a round that does not come, and walks the whole audit log once more. */
  async close(): Promise<{ readonly firstBroken: unknown }> {
    const waiting = await (this.#next ?? [])
    this.#next = undefined
    for (const worker of waiting) worker.kill()
    await Promise.all(waiting.map((worker) => worker.killed))
    const engine = await this.#open({ siteAt: this.#siteAt, realAt: Date.now() }, 'journal-end')
    try {
      return await verifyAudit(engine.store, await engine.highWater.read())
    } finally {
      await engine.close()
    }
  }

  async #compare(files: { readonly history: string; readonly journal: string }, time: SiteTime) {
    let passedMs = 0
    const running = clockOf(time)
    const clock = { now: () => running.now() + passedMs }
    const engine = await openSiteEngine(this.#site, { clock, journal: files.journal, processName: 'after' })
    try {
      const letTimePass = () => {
        passedMs = ABANDONED_MS
      }
      const comparison = await this.#ledger.compare(engine, files, letTimePass)
      await markChains(engine)
      return comparison
    } catch (error) {
      const history = readFileSync(files.history, 'utf8').split('\n').slice(-5).join('\n')
      throw new Error(`round ${this.#round}; the last that was told:\n${history}`, { cause: error })
    } finally {
      await engine.close()
      this.#siteAt = clock.now() + PAUSE_MS
    }
  }

  #open(time: SiteTime, journal: string) {
    return openSiteEngine(this.#site, {
      clock: clockOf(time),
      journal: join(this.#site.folder, journal),
      processName: 'outside',
    })
  }

  #order(
    files: { readonly history: string; readonly journal: string },
    time: SiteTime,
    which: string,
  ): Order {
    return {
      site: this.#site,
      time,
      ...files,
      name: `r${this.#round}-${which}`,
      shared: this.#ledger.someGood(SHARED_CERTIFICATES),
      requests: this.#requests,
    }
  }

  async #loadPair(): Promise<readonly [Worker, Worker]> {
    const cacheFolder = join(this.#site.folder, 'compile-cache')
    const [first, second] = await Promise.all([loadWorker(cacheFolder), loadWorker(cacheFolder)])
    return [first, second]
  }

  #path(name: string): string {
    return join(this.#site.folder, `${name}-${this.#round}`)
  }
}
