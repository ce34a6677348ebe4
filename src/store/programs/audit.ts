import { sql } from 'kysely'
import type { AuditReads } from '../../core/store/audit.ts'
import type { Dialect } from '../dialect.ts'
import { isAmongTexts, type ListParameter, textListParameter } from '../list-parameter.ts'
import { atMost, type Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'

/** The audit chains, as verification reads them. */
export function auditPrograms(dialect: Dialect): AuditReads {
  const { db, rows } = statementsOf(dialect.db)

  const heads = rows((_none: Given<object>) =>
    db.selectFrom('chain').select(['name as chain', 'sequence', 'hash']).orderBy('name'),
  )
  const withAnchors = db
    .selectFrom('chain')
    .leftJoin('anchor', 'anchor.chain_id', 'chain.id')
    .select(['chain.name as chain', 'chain.sequence', 'chain.hash', 'anchor.sequence as anchored'])
  const open = rows((_none: Given<object>) =>
    // A note beyond the head is none of ours, and must not keep the head from being looked after.
    withAnchors.where((eb) => eb('chain.sequence', '<>', eb.fn.coalesce('anchor.sequence', sql.lit(0)))),
  )
  const named = rows(({ chains }: Given<{ chains: ListParameter<string> }>) =>
    withAnchors.where(isAmongTexts(dialect, sql.ref('chain.name'), chains)),
  )
  const page = rows(({ chain, after, limit }: Given<{ chain: string; after: number; limit: number }>) =>
    db
      .selectFrom('chain')
      .innerJoin('event', 'event.chain_id', 'chain.id')
      .select(['chain.name as chain', 'event.sequence', 'event.body', 'event.hash'])
      .where('chain.name', '=', chain)
      .where('event.sequence', '>', after)
      .orderBy('event.sequence')
      .limit(atMost(limit)),
  )
  return {
    *heads() {
      return (yield* heads.all({})).map((head) => ({ ...head }))
    },
    *openHeads() {
      return (yield* open.all({})).map(({ chain, sequence, hash }) => ({ chain, sequence, hash }))
    },
    *headsOf(chains) {
      const found = yield* named.all({ chains: textListParameter(dialect, chains) })
      return found.map(({ chain, sequence, hash, anchored }) => ({
        chain,
        sequence,
        hash,
        isOpen: anchored !== sequence,
      }))
    },
    *page(chain, after, limit) {
      return (yield* page.all({ chain, after, limit })).map((event) => ({ ...event }))
    },
  }
}
