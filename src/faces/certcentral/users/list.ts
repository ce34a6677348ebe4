import { containerConditions } from '../../../core/identity/scope.ts'
import { containersAround } from '../../../core/identity/sight.ts'
import { users } from '../../../core/identity/user.ts'
import type { Condition } from '../../../core/store/collection.ts'
import { type ListRules, readList } from '../list-query.ts'
import { listed } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { userRow } from './user-view.ts'

type Column = keyof typeof users.columns

const rules: ListRules<Column> = {
  filters: {
    username: { type: 'text', column: 'username', values: (value) => value.toLowerCase() },
    email: { type: 'text', column: 'email' },
    first_name: { type: 'text', column: 'first_name' },
    last_name: { type: 'text', column: 'last_name' },
    status: { type: 'text', column: 'status', values: (value) => value.toLowerCase() },
    container_id: { type: 'integer', column: 'container_id' },
  },
  sort: {
    id: 'id',
    username: 'username',
    email: 'email',
    first_name: 'first_name',
    last_name: 'last_name',
    status: 'status',
  },
  plain: ['container_id'],
}

const alive: Condition<Column> = { column: 'status', is: 'none-of', values: ['deleted'] }

/** A list of users: all of them, or those that are programs. */
export function userList(path: '/user' | '/user/api-only', tier: Route['tier'], isApiOnly: boolean): Route {
  const kind: Condition<Column> = { column: 'is_api_only', is: 'any-of', values: [1] }
  return defineRoute({
    method: 'GET',
    path,
    resource: 'users',
    right: 'view',
    tier,
    answers: 'list',
    async handler({ engine, account, scope, query }) {
      const where = [
        alive,
        ...(isApiOnly ? [kind] : []),
        ...containerConditions<Column>(scope, 'container_id'),
      ]
      const list = readList(account.id, query, rules, where)
      const { items, total, around } = await engine.store.read(function* (view) {
        const found = yield* view.collection(users).list(list.query)
        return { ...found, around: yield* containersAround(view, account.id, found.items) }
      })
      return listed(
        'users',
        items.map((user) => userRow(user, around)),
        list.page(total),
      )
    },
  })
}
