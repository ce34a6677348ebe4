import type { AuditReads } from '../../core/store/audit.ts'
import type { Dialect } from '../dialect.ts'
import { type Given, statementsOf } from '../statement.ts'

/** The audit chains, as verification reads them. */
export function auditPrograms(dialect: Dialect): AuditReads {
  const { db, rows } = statementsOf(dialect.db)

  const heads = rows((_none: Given<object>) =>
    db.selectFrom('chain').select(['name as chain', 'sequence', 'hash']).orderBy('name'),
  )
  const page = rows(({ chain, after, limit }: Given<{ chain: string; after: number; limit: number }>) =>
    db
      .selectFrom('chain')
      .innerJoin('event', 'event.chain_id', 'chain.id')
      .select(['chain.name as chain', 'event.sequence', 'event.body', 'event.hash'])
      .where('chain.name', '=', chain)
      .where('event.sequence', '>', after)
      .orderBy('event.sequence')
      .limit(limit),
  )
  return {
    *heads() {
      return (yield* heads.all({})).map((head) => ({ ...head }))
    },
    *page(chain, after, limit) {
      return (yield* page.all({ chain, after, limit })).map((event) => ({ ...event }))
    },
  }
}
