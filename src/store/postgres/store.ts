import type { Clock, Log, Random, StopPoints } from '../../core/environment.ts'
import type { Program } from '../../core/store/program.ts'
import type { Store, Transaction, View } from '../../core/store/store.ts'
import { StoreUnusable } from '../../core/store/unusable.ts'
import { anchorProgram, ChainWriter } from '../chain-writer.ts'
import { postgresDialect } from '../dialect.ts'
import { type LongReadLimits, longReadLimits } from '../long-reads.ts'
import { schemaVersion } from '../migrations/index.ts'
import { migrate, newerThanProgram } from '../migrations/migrate.ts'
import type { Commit } from '../outcome.ts'
import { storeBusy, storeFailed, WriteQueue } from '../pending.ts'
import { type Programs, programsOf } from '../programs/index.ts'
import { type ProgramTransaction, viewOf } from '../transaction.ts'
import { PostgresAdmissions } from './admissions.ts'
import { drive, StatementFailed } from './connection.ts'
import { postgresTrouble } from './errors.ts'
import { PostgresLane } from './lane.ts'
import { openPatientConnection, postgresMigrationSession } from './migration-session.ts'
import { PostgresReader } from './reader.ts'

/** Transactions in flight at once, each with its connection and audit chain. */
const LANES = 2
/** Programs of one transaction at most: each statement is a round trip, and others wait meanwhile. */
const LANE_BATCH = 64
/** A moment among the short statements: round trips and other machines have their share in it. */
const SHORT_MS = 250
/** How often the epoch is read when nothing is written. */
const POLL_MS = 500
/** How often chains vouch for one another. */
const ANCHOR_MS = 10 * 60_000

export interface PostgresStoreOptions {
  readonly url: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly stopAt?: StopPoints
  /** Tells this process from others in the audit log. */
  readonly processName: string
  /** Told after each commit of something written. */
  readonly onCommit?: (commit: Commit) => void
  readonly longReads?: LongReadLimits
}

/**
 * Connects to the database, checks that its commits are durable, and brings it to the present schema.
 * @throws StoreUnusable
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const dialect = postgresDialect()
  const programs = programsOf(dialect)
  let epoch: number
  try {
    const connection = await openPatientConnection(options.url)
    try {
      await migrate(dialect, postgresMigrationSession(connection), options.stopAt)
      epoch = (await connection.drive(programs.epoch.read())).configuration
    } finally {
      await connection.close()
    }
  } catch (error) {
    const cause = error instanceof StatementFailed ? error.cause : error
    if (error instanceof StoreUnusable || postgresTrouble(cause) === 'refused') throw cause
    throw new StoreUnusable('unreachable', `PostgreSQL cannot be used: ${messageOf(cause)}`, { cause })
  }
  return new PostgresStore(options, programs, epoch)
}

class PostgresStore implements Store {
  readonly admissions: PostgresAdmissions
  readonly #log: Log
  readonly #programs: Programs
  readonly #view: View
  readonly #reader: PostgresReader
  readonly #queue = new WriteQueue()
  readonly #lanes: readonly PostgresLane[]
  readonly #idle: PostgresLane[]
  readonly #timers: readonly NodeJS.Timeout[]
  #scheduled = false
  #failed = false
  #epoch: number
  #closing: Promise<void> | undefined
  #whenSettled: (() => void)[] = []

  constructor(options: PostgresStoreOptions, programs: Programs, epoch: number) {
    this.#epoch = epoch
    const { url, clock, random, log, processName } = options
    this.#log = log
    this.#programs = programs
    this.#view = viewOf(programs)
    this.admissions = new PostgresAdmissions((start) => this.#outsideTransactions(start))
    const limits = options.longReads ?? { ...longReadLimits, shortMs: SHORT_MS }
    this.#reader = new PostgresReader({ url, log, limits })
    const newChain = () => new ChainWriter({ programs: programs.chains, clock, random, processName })
    this.#lanes = Array.from(
      { length: LANES },
      () =>
        new PostgresLane({
          url,
          programs,
          newChain,
          log,
          schemaVersion,
          onEpoch: (configuration) => {
            this.#epoch = Math.max(this.#epoch, configuration)
          },
          onFailure: (cause) => this.#fail(cause),
          ...(options.onCommit && { onCommit: options.onCommit }),
        }),
    )
    this.#idle = [...this.#lanes]
    this.#timers = [
      setInterval(() => void this.#poll(), POLL_MS),
      setInterval(() => this.#anchor(), ANCHOR_MS),
    ]
    for (const timer of this.#timers) timer.unref()
  }

  read<Result>(program: (view: View) => Program<Result>): Promise<Result> {
    return this.#outsideTransactions(() => program(this.#view))
  }

  write<Result>(program: (transaction: Transaction) => Program<Result>): Promise<Result> {
    if (this.#failed || this.#closing !== undefined) return Promise.reject(storeFailed())
    return this.#enqueue(program)
  }

  configurationEpoch(): number {
    return this.#epoch
  }

  healthy(): boolean {
    return !this.#failed
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** Runs a program on connections that are in no transaction. */
  async #outsideTransactions<Result>(start: () => Program<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await drive(start(), (step) => this.#reader.run(step))
      } catch (error) {
        if (!(error instanceof StatementFailed)) throw error
        const trouble = postgresTrouble(error.cause)
        if (trouble === 'lost' && attempt === 1) continue
        if (trouble === 'lost' || trouble === 'busy') throw storeBusy(error.cause)
        if (trouble !== 'failed') throw error.cause
        this.#fail(error.cause)
        throw storeFailed(error.cause)
      }
    }
  }

  #enqueue<Result>(program: (transaction: ProgramTransaction) => Program<Result>): Promise<Result> {
    const result = this.#queue.add(program)
    if (!this.#scheduled) {
      this.#scheduled = true
      setImmediate(() => {
        this.#scheduled = false
        this.#dispatch()
      })
    }
    return result
  }

  /** Hands what waits to the lanes that are free, in equal parts. */
  #dispatch(): void {
    if (this.#failed) this.#queue.rejectAll(storeFailed())
    while (this.#queue.length > 0) {
      const share = Math.ceil(this.#queue.length / Math.max(1, this.#idle.length))
      const lane = this.#idle.pop()
      if (lane === undefined) return
      void lane.run(this.#queue.take(Math.min(LANE_BATCH, share))).finally(() => {
        this.#idle.push(lane)
        this.#dispatch()
      })
    }
    if (this.#idle.length === this.#lanes.length) {
      for (const resolve of this.#whenSettled.splice(0)) resolve()
    }
  }

  async #settled(): Promise<void> {
    if (this.#queue.length === 0 && this.#idle.length === this.#lanes.length) return
    await new Promise<void>((resolve) => this.#whenSettled.push(resolve))
  }

  async #close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#dispatch()
    await this.#settled()
    if (!this.#failed) await Promise.all(this.#lanes.map((lane) => this.#stop(lane)))
    await Promise.all(this.#lanes.map((lane) => lane.close()))
    await this.#reader.close()
  }

  /** Tells a lane's chain that the process stopped. */
  async #stop(lane: PostgresLane): Promise<void> {
    const event = lane.chain.stopEvent()
    if (event === undefined) return
    const queue = new WriteQueue()
    const stopped = queue.add(function* (transaction) {
      transaction.record(event)
    })
    await lane.run(queue.take(1))
    await stopped.catch((error: unknown) => this.#log.warn({ error: messageOf(error) }, 'stop not recorded'))
  }

  async #poll(): Promise<void> {
    try {
      const epoch = await drive(this.#programs.epoch.read(), (step) => this.#reader.run(step))
      this.#epoch = Math.max(this.#epoch, epoch.configuration)
      if (epoch.schema > schemaVersion) this.#fail(newerThanProgram(epoch.schema, schemaVersion))
    } catch (error) {
      // Reads and writes meet the same trouble and say so to their callers.
      this.#log.warn({ error: messageOf(error) }, 'the configuration epoch could not be read')
    }
  }

  #anchor(): void {
    if (!this.#lanes.some((lane) => lane.chain.wantsAnchor())) return
    this.#enqueue(anchorProgram).catch((error: unknown) =>
      this.#log.warn({ error: messageOf(error) }, 'chains not anchored'),
    )
  }

  #fail(cause: unknown): void {
    if (this.#failed) return
    this.#failed = true
    this.#log.error(
      { error: messageOf(cause) },
      'the store failed: nothing is written any more until a restart',
    )
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
