import { closeSession } from '../../../core/accounts/session-use.ts'
import { sessionEndpoint } from '../endpoint.ts'
import { emptyReply } from '../reply.ts'

/** Ends the session; its token is unknown from now on. */
export const disconnect = sessionEndpoint('disconnect', [], async ({ engine, session, caller }) => {
  await closeSession(engine, session, caller)
  return emptyReply
})
