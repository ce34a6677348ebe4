import { sql } from 'kysely'
import type { Anchor } from '../../core/audit/chain.ts'
import type { Program } from '../../core/store/program.ts'
import type { Dialect } from '../dialect.ts'
import type { EventTable } from '../schema.ts'
import { atMost, type Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'
import { runningTogether } from '../together.ts'
import { counterPrograms } from './counters.ts'

/** A chain's head as its writer moves it. */
export interface Head {
  readonly chainId: number
  /** Events so far. */
  readonly sequence: number
  /** Hash of the last one. */
  readonly hash: Uint8Array
  /** Transactions so far. */
  readonly batches: number
}

/** Another chain whose events no chain vouches for yet. */
export interface UnanchoredHead extends Anchor {
  readonly chainId: number
}

/** What the writer of a chain does with it. */
export interface ChainPrograms {
  /** Starts a chain with no events and gives its number. */
  start(name: string, origin: Uint8Array): Program<number>
  /**
   * Adds events and moves the head from where the writer knows it, also without events; false when it is not there, so
   * another writer moved it.
   */
  extend(events: readonly EventTable[], from: Head, to: Head): Program<boolean>
  /** The head, after waiting for a transaction that may still be moving it. */
  settled(chainId: number): Program<Head | undefined>
  unanchored(otherThan: number, limit: number): Program<readonly UnanchoredHead[]>
  noteAnchored(head: UnanchoredHead): Program<void>
}

export function chainPrograms(dialect: Dialect): ChainPrograms {
  const make = statementsOf(dialect.db)
  const { db, row, rows, change } = make
  const counters = counterPrograms(make)

  const insertChain = change((given: Given<{ id: number; name: string; origin: Uint8Array }>) =>
    db
      .insertInto('chain')
      .values({ id: given.id, name: given.name, sequence: 0, hash: given.origin, batches: 0 }),
  )
  const insertEvent = change((given: Given<EventTable>) =>
    db.insertInto('event').values({
      chain_id: given.chain_id,
      sequence: given.sequence,
      body: given.body,
      hash: given.hash,
    }),
  )
  type Lists = {
    chainId: number
    sequences: readonly number[]
    bodies: readonly string[]
    hashes: readonly Uint8Array[]
  }
  const insertEvents = change(({ chainId, sequences, bodies, hashes }: Given<Lists>) =>
    db
      .insertInto('event')
      .columns(['chain_id', 'sequence', 'body', 'hash'])
      .expression(
        sql`select ${chainId}::integer, *
          from unnest(${sequences}::bigint[], ${bodies}::text[], ${hashes}::bytea[])`,
      ),
  )
  type Move = Head & { readonly previous: number; readonly previousBatches: number }
  const move = change((given: Given<Move>) =>
    db
      .updateTable('chain')
      .set({ sequence: given.sequence, hash: given.hash, batches: given.batches })
      .where('id', '=', given.chainId)
      .where('sequence', '=', given.previous)
      .where('batches', '=', given.previousBatches),
  )
  const head = row(({ chainId }: Given<{ chainId: number }>) =>
    db
      .selectFrom('chain')
      .select(['id as chainId', 'sequence', 'hash', 'batches'])
      .where('id', '=', chainId)
      .$if(dialect.capabilities.rowLocks, (query) => query.forUpdate()),
  )
  const unanchored = rows(({ otherThan, limit }: Given<{ otherThan: number; limit: number }>) =>
    db
      .selectFrom('chain')
      .leftJoin('anchor', 'anchor.chain_id', 'chain.id')
      .select(['chain.id as chainId', 'chain.name as chain', 'chain.sequence', 'chain.hash'])
      .where('chain.id', '<>', otherThan)
      .where((eb) => eb('chain.sequence', '>', eb.fn.coalesce('anchor.sequence', sql.lit(0))))
      .orderBy('chain.id', 'desc')
      .limit(atMost(limit)),
  )
  const noteAnchored = change(({ chainId, sequence }: Given<{ chainId: number; sequence: number }>) =>
    db
      .insertInto('anchor')
      .values({ chain_id: chainId, sequence })
      .onConflict((conflict) =>
        conflict
          .column('chain_id')
          .doUpdateSet((eb) => ({ sequence: eb.ref('excluded.sequence') }))
          .where((eb) => eb('anchor.sequence', '<', eb.ref('excluded.sequence'))),
      ),
  )
  const together = runningTogether(dialect)

  function* append(events: readonly EventTable[]): Program<void> {
    const [first] = events
    if (first === undefined) return
    if (dialect.capabilities.arrays && events.length > 1) {
      yield* insertEvents.run({
        chainId: first.chain_id,
        sequences: events.map((event) => event.sequence),
        bodies: events.map((event) => event.body),
        hashes: events.map((event) => event.hash),
      })
      return
    }
    for (const event of events) yield* insertEvent.run(event)
  }

  function* advance(from: Head, to: Head): Program<boolean> {
    return (yield* move.run({ ...to, previous: from.sequence, previousBatches: from.batches })) === 1
  }

  return {
    *extend(events, from, to) {
      const [, isMoved] = yield* together(append(events), advance(from, to))
      return isMoved
    },
    *start(name, origin) {
      const id = yield* counters.next('chain')
      yield* insertChain.run({ id, name, origin })
      return id
    },
    *settled(chainId) {
      const found = yield* head.first({ chainId })
      return found === undefined ? undefined : { ...found }
    },
    unanchored: (otherThan, limit) => unanchored.all({ otherThan, limit }),
    *noteAnchored({ chainId, sequence }) {
      yield* noteAnchored.run({ chainId, sequence })
    },
  }
}
