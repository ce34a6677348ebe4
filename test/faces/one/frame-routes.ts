import { Fault } from '../../../src/core/faults.ts'
import { serviceUsers } from '../../../src/core/service-users/service-user.ts'
import { DocumentReader } from '../../../src/core/store/document.ts'
import { created, done, ok, paged, text } from '../../../src/faces/one/reply.ts'
import { defineRoute } from '../../../src/faces/one/route.ts'

const tier = 'A'
const api = 'mpki'

/** Routes that show what every route of the face shares, whatever it is about. */
export const frameRoutes = [
  defineRoute({
    api,
    method: 'GET',
    path: '/v1/thing/:id',
    access: 'VIEW_EM_CERTIFICATE',
    tier,
    handler: (call) => ok({ id: call.pathId('id', 'seat', 'seat'), absent: undefined }, 'abc'),
  }),
  defineRoute({
    api,
    method: 'GET',
    path: '/v1/thing',
    access: 'VIEW_EM_CERTIFICATE',
    tier,
    handler({ query }) {
      const window = query.window({ usual: 20, most: 100, deepest: 10_000 })
      return paged([{ id: 1 }], 1, window)
    },
  }),
  defineRoute({
    api,
    method: 'POST',
    path: '/v1/thing',
    access: 'MANAGE_EM_PROFILE',
    tier,
    handler(call) {
      const { body } = call
      const name = body.requiredText('name', { longest: 20 })
      const csr = body.object('certificate').requiredText('csr', { multiline: true })
      const count = body.integer('count', 1, 10)
      const tags = body.texts('tags')
      const flag = body.flag('flag')
      body.check()
      return created({ name, csr, count, tags, flag, polluted: ({} as { x?: string }).x })
    },
  }),
  defineRoute({
    api,
    method: 'PUT',
    path: '/v1/thing/:id',
    access: 'MANAGE_EM_PROFILE',
    tier,
    body: 'optional',
    handler: () => done,
  }),
  defineRoute({
    api,
    method: 'GET',
    path: '/v1/open',
    access: 'anyone',
    tier,
    handler: () => text('text/plain', 'UP'),
  }),
  defineRoute({
    api,
    method: 'GET',
    path: '/v1/fault/:code',
    access: 'member',
    tier,
    handler(call) {
      switch (call.pathText('code')) {
        case 'busy':
          throw new Fault('store_busy', { retryAfterMs: 1_500 })
        case 'ca':
          throw new Fault('authority_unusable', {})
        default:
          throw new TypeError('a secret of ours')
      }
    },
  }),
  defineRoute({
    api: 'certificate-authority',
    method: 'GET',
    path: '/v1/fault',
    access: 'member',
    tier,
    handler: () => {
      throw new Fault('certificate_unknown', {})
    },
  }),
  defineRoute({
    api,
    method: 'POST',
    path: '/v1/once',
    access: 'member',
    tier,
    async handler(call) {
      const friendlyName = call.body.requiredText('name')
      call.body.check()
      const id = await call.once({
        run: (binding) =>
          call.engine.store.write(function* (transaction) {
            const made = yield* transaction.collection(serviceUsers).nextId()
            yield* transaction.collection(serviceUsers).insert({
              id: made,
              accountId: call.account.id,
              friendlyName,
              description: '',
              endDate: null,
              roles: [],
            })
            yield* binding.bind(transaction, { id: made })
            return made
          }),
        recall: async (subject) => new DocumentReader(subject, 'subject').integer('id'),
      })
      return created({ id })
    },
  }),
]
