import { customFields } from '../../../src/core/identity/custom-field.ts'
import { DocumentReader } from '../../../src/core/store/document.ts'
import { created, done, file, listed, ok } from '../../../src/faces/certcentral/reply.ts'
import { defineRoute } from '../../../src/faces/certcentral/route.ts'

const aField = {
  description: '',
  isRequired: false,
  isActive: true,
  type: 'anything',
  showInReceipt: false,
} as const

/** Routes that show what the frame makes of requests and answers. */
export const frameRoutes = [
  defineRoute({
    method: 'GET',
    path: '/thing/:id',
    resource: 'orders',
    right: 'view',
    tier: 'A',
    handler: (call) => ok({ id: call.pathId('id', 'order'), absent: undefined, user: call.user.id }),
  }),
  defineRoute({
    method: 'GET',
    path: '/thing',
    resource: 'orders',
    right: 'view',
    tier: 'A',
    answers: 'list',
    handler: () =>
      listed('things', [{ id: 1, name: 'a, "b"', dns_names: ['x.example', 'y.example'], in: { id: 2 } }], {
        total: 1,
        limit: 1000,
        offset: 0,
      }),
  }),
  defineRoute({
    method: 'POST',
    path: '/thing',
    resource: 'orders',
    right: 'manage',
    tier: 'A',
    handler: ({ body }) => {
      const name = body.requiredText('name', { longest: 20 })
      const csr = body.object('certificate').requiredText('csr', { anyCharacter: true })
      const count = body.integer('count', 1, 10)
      const fields = body.objects('custom_fields').map((field) => field.requiredText('value'))
      const texts = body.texts('names')
      const flag = body.flag('flag')
      body.check()
      return ok({ name, csr, count, fields, texts, flag })
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/thing/:id/activate',
    resource: 'domains',
    right: 'manage',
    tier: 'A',
    body: 'optional',
    handler: () => done,
  }),
  defineRoute({
    method: 'GET',
    path: '/thing/:id/file',
    resource: 'certificates',
    right: 'view',
    tier: 'A',
    answers: 'file',
    handler: () => file('application/x-pem-file', 'pem'),
  }),
  defineRoute({
    method: 'POST',
    path: '/once',
    resource: 'orders',
    right: 'manage',
    tier: 'A',
    handler: async (call) => {
      const label = call.body.requiredText('label')
      call.body.check()
      const id = await call.once({
        run: (binding) =>
          call.engine.store.write(function* (transaction) {
            const made = yield* transaction.collection(customFields).nextId()
            yield* transaction
              .collection(customFields)
              .insert({ ...aField, id: made, accountId: call.account.id, label })
            yield* binding.bind(transaction, { id: made })
            return made
          }),
        recall: async (subject) => new DocumentReader(subject, 'subject').integer('id'),
      })
      return created({ id })
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/broken',
    resource: 'self',
    right: 'view',
    tier: 'A',
    handler: () => {
      throw new TypeError('a secret of ours')
    },
  }),
]
