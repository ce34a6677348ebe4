import { anchorDetail, chainOrigin, eventBody, linkHash } from '../core/audit/chain.ts'
import type { Action, Event } from '../core/audit/event.ts'
import type { Clock, Random } from '../core/environment.ts'
import type { Program } from '../core/store/program.ts'
import type { ChainPrograms, Head } from './programs/chains.ts'
import type { EventTable } from './schema.ts'
import type { Chain, ProgramTransaction } from './transaction.ts'

/** Heads of other chains that one event vouches for at most; the next one takes the rest. */
const ANCHORS_AT_ONCE = 50

/** Raised when somebody else moved the head of our chain: nothing more may be written then. */
export class ChainLost extends Error {
  constructor(name: string) {
    super(`the audit chain ${name} was changed by another writer`)
    this.name = 'ChainLost'
  }
}

/**
 * The audit chain of one writing connection. It begins with the first transaction that has something to keep,
 * by an event that vouches for the chains before it, so a process that only reads leaves no trace.
 *
 * Where the chain stands is known here and moves only by `committed`: a transaction that was rolled back, and
 * the chain's start with it, has no effect.
 */
export class ChainWriter implements Chain {
  readonly name: string
  readonly #programs: ChainPrograms
  readonly #clock: Clock
  readonly #processName: string
  #head: Head | undefined
  #eventsSinceAnchor = 0

  constructor(options: {
    readonly programs: ChainPrograms
    readonly clock: Clock
    readonly random: Random
    readonly processName: string
  }) {
    this.#programs = options.programs
    this.#clock = options.clock
    this.#processName = options.processName
    const startedAt = new Date(options.clock.now()).toISOString().replace(/[-:]|\.\d+/g, '')
    this.name = `${startedAt}-${Buffer.from(options.random.bytes(8)).toString('hex')}`
  }

  /** Where the chain stands after the last committed transaction; undefined before it began. */
  get head(): Head | undefined {
    return this.#head
  }

  /**
   * Adds events at the end of a transaction; also without any, so that the head tells whether it committed.
   * @returns the head to report to `committed`
   * @throws ChainLost
   */
  *append(events: readonly Event[]): Program<Head> {
    const from = this.#head ?? (yield* this.#start())
    const all = this.#head === undefined ? [yield* this.#startEvent(from.chainId), ...events] : events
    const rows: EventTable[] = []
    let { sequence, hash } = from
    for (const event of all) {
      const body = eventBody(event)
      sequence += 1
      hash = linkHash(hash, body)
      rows.push({ chain_id: from.chainId, sequence, body, hash })
    }
    const to: Head = { chainId: from.chainId, sequence, hash, batches: from.batches + 1 }
    if (!(yield* this.#programs.extend(rows, from, to))) throw new ChainLost(this.name)
    return to
  }

  committed(head: Head, events: readonly Event[]): void {
    for (const event of events) if (event.action !== 'chain.anchored') this.#eventsSinceAnchor += 1
    this.#head = head
  }

  /** Was something told since the last anchor? Processes at rest do not vouch for one another in turns. */
  wantsAnchor(): boolean {
    return this.#head !== undefined && this.#eventsSinceAnchor > 0
  }

  *anchor(): Program<Event | undefined> {
    this.#eventsSinceAnchor = 0
    const detail = yield* this.#anchorDetail(this.#head?.chainId ?? 0)
    return Object.keys(detail).length === 0 ? undefined : this.#event('chain.anchored', detail)
  }

  /** The event that ends the chain, or undefined when it never began. */
  stopEvent(): Event | undefined {
    return this.#head === undefined ? undefined : this.#event('process.stopped', {})
  }

  *#start(): Program<Head> {
    const hash = chainOrigin(this.name)
    const chainId = yield* this.#programs.start(this.name, hash)
    return { chainId, sequence: 0, hash, batches: 0 }
  }

  *#startEvent(chainId: number): Program<Event> {
    return this.#event('process.started', yield* this.#anchorDetail(chainId))
  }

  *#anchorDetail(chainId: number): Program<Event['detail']> {
    const heads = yield* this.#programs.unanchored(chainId, ANCHORS_AT_ONCE)
    for (const head of heads) yield* this.#programs.noteAnchored(head)
    return anchorDetail(heads)
  }

  #event(action: Action, detail: Event['detail']): Event {
    return {
      action,
      at: this.#clock.now(),
      actor: { type: 'system' },
      accountId: null,
      object: `process:${this.#processName}`,
      requestId: null,
      detail,
    }
  }
}

/** A write program that vouches for other chains in the chain of the transaction it runs in. */
export function* anchorProgram(transaction: ProgramTransaction): Program<void> {
  const event = yield* transaction.chain.anchor()
  if (event !== undefined) transaction.record(event)
}
