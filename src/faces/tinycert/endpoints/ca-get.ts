import { pemEncode } from '../../../pki/pem.ts'
import { sessionEndpoint } from '../endpoint.ts'
import { invalid } from '../input-reason.ts'
import { ownAuthority } from '../own-objects.ts'
import { requiredId, requiredText } from '../parameters.ts'
import { objectReply } from '../reply.ts'

/** A CA's certificate. Its private key cannot be fetched by anyone. */
export const caGet = sessionEndpoint('ca/get', ['ca_id', 'what'], async (call) => {
  const id = requiredId(call.fields, 'ca_id')
  if (requiredText(call.fields, 'what') !== 'cert') throw invalid('what', 'ca-item')
  const authority = await ownAuthority(call, id)
  return objectReply({ pem: pemEncode('CERTIFICATE', authority.certificateDer) })
})
