import { Fault } from '../../../core/faults.ts'
import { type LedgerColumn, type LedgerEntry, ledger } from '../../../core/finance/ledger.ts'
import { loadPolicy } from '../../../core/identity/account-policy.ts'
import { containerConditions, seesContainer } from '../../../core/identity/scope.ts'
import type { Condition } from '../../../core/store/collection.ts'
import { type ListRules, readList } from '../list-query.ts'
import { listed, type Members, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { adjustmentView, entryView, receiptView } from './finance-view.ts'

const rules: ListRules<LedgerColumn> = {
  filters: {
    container_id: { type: 'integer', column: 'container_id' },
    order_id: { type: 'integer', column: 'order_id' },
    transaction_type: { type: 'text', column: 'kind' },
    date: { type: 'instant', column: 'created_at' },
  },
  sort: { id: 'id', date: 'created_at', transaction_type: 'kind', order_id: 'order_id' },
  plain: ['container_id', 'order_id'],
}

/** A list of ledger lines of some kinds; all kinds when none is named. */
function history(
  path: string,
  name: string,
  kinds: readonly LedgerEntry['kind'][],
  shown: (entry: LedgerEntry, currency: string) => Members,
): Route {
  const ofKinds: readonly Condition<LedgerColumn>[] =
    kinds.length === 0 ? [] : [{ column: 'kind', is: 'any-of', values: kinds }]
  return defineRoute({
    method: 'GET',
    path,
    resource: 'finance',
    right: 'view',
    tier: 'C',
    answers: 'list',
    async handler({ engine, account, scope, query }) {
      const where = [...ofKinds, ...containerConditions<LedgerColumn>(scope, 'container_id')]
      const list = readList(account.id, query, rules, where)
      const { items, total, currency } = await engine.store.read(function* (view) {
        const found = yield* view.collection(ledger).list(list.query)
        return { ...found, currency: (yield* loadPolicy(view, account.id)).currency }
      })
      return listed(
        name,
        items.map((entry) => shown(entry, currency)),
        list.page(total),
      )
    },
  })
}

/** What came and went. */
export const historyRoutes: readonly Route[] = [
  history('/finance/history/deposits', 'deposits', ['deposit', 'payment'], entryView),
  history('/finance/history/balance', 'balance_history', [], entryView),
  history('/finance/balance-history', 'adjustments', [], adjustmentView),
  history('/finance/receipt', 'receipts', ['order', 'refund', 'deposit', 'payment'], receiptView),
  defineRoute({
    method: 'GET',
    path: '/finance/receipt/:id',
    resource: 'finance',
    right: 'view',
    tier: 'C',
    async handler(call) {
      const { engine, account, scope } = call
      const id = call.pathId('id', 'receipt')
      const { entry, currency } = await engine.store.read(function* (view) {
        const found = yield* view.collection(ledger).byId(account.id, id)
        return { entry: found, currency: (yield* loadPolicy(view, account.id)).currency }
      })
      if (entry === undefined || entry.kind === 'transfer' || !seesContainer(scope, entry.containerId)) {
        throw new Fault('object_unknown', { object: 'receipt' })
      }
      return ok(receiptView(entry, currency))
    },
  }),
]
