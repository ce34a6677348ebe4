import { sessionEndpoint } from '../endpoint.ts'
import { hashAlgorithmOf } from '../hash-method.ts'
import { ownAuthority } from '../own-objects.ts'
import { requiredId } from '../parameters.ts'
import { objectReply } from '../reply.ts'
import { showSubject } from '../subject.ts'

/** What a CA was made with. Parts that were not given are empty. */
export const caDetails = sessionEndpoint('ca/details', ['ca_id'], async (call) => {
  const id = requiredId(call.fields, 'ca_id')
  const authority = await ownAuthority(call, id)
  return objectReply({
    id: authority.id,
    ...showSubject(authority.subjectDer),
    E: authority.contactEmail,
    hash_alg: hashAlgorithmOf(authority),
  })
})
