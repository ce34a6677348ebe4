import { deleteAuthority } from '../../../core/authorities/delete-authority.ts'
import { sessionEndpoint } from '../endpoint.ts'
import { ownAuthority } from '../own-objects.ts'
import { requiredId } from '../parameters.ts'
import { emptyReply } from '../reply.ts'

/** Removes a CA and all its certificates from the account. */
export const caDelete = sessionEndpoint('ca/delete', ['ca_id'], async (call) => {
  const id = requiredId(call.fields, 'ca_id')
  const authority = await ownAuthority(call, id)
  await deleteAuthority(call.engine, call.session.account.id, authority.id, call.caller)
  return emptyReply
})
