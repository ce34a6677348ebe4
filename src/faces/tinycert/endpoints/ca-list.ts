import { sessionEndpoint } from '../endpoint.ts'
import { onePage } from '../reply.ts'

/** The account's CAs in order of id, named by the organization they were made for. */
export const caList = sessionEndpoint('ca/list', [], async ({ engine, session }) => {
  const authorities = await engine.store.read((view) =>
    view.authorities.ofAccount(session.account.id, 'tinycert'),
  )
  return {
    type: 'list',
    element: 'ca',
    pages: onePage(authorities.map(({ id, name }) => ({ id, name }))),
  }
})
