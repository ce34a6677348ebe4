import { reissueCertificate } from '../../../core/certificates/reissue.ts'
import { Fault, isFault } from '../../../core/faults.ts'
import { sessionEndpoint } from '../endpoint.ts'
import { ownCertificate } from '../own-objects.ts'
import { requiredId } from '../parameters.ts'
import { exactly, refuseEarly } from '../rate-limit.ts'
import { objectReply } from '../reply.ts'

/** Issues anew what was issued before: same names, same key, one year from now. The old one is superseded. */
export const certReissue = sessionEndpoint('cert/reissue', ['cert_id'], async (call) => {
  const { engine, session, fields, caller } = call
  const id = requiredId(fields, 'cert_id')
  const { record } = await ownCertificate(call, id)
  if (record.supersededBy !== null) throw new Fault('certificate_superseded', {})
  await refuseEarly(engine, 'certificates', session.account)
  const certificate = await namingCertificate(
    reissueCertificate(
      engine,
      {
        accountId: session.account.id,
        certificateId: record.id,
        origin: 'tinycert',
        whileReserving: exactly(engine, 'certificates', session.account),
      },
      caller,
    ),
  )
  return objectReply({ cert_id: certificate.id })
})

/** Names come from the certificate here, so what the caller sent and can change is `cert_id`. */
async function namingCertificate<Result>(reissuing: Promise<Result>): Promise<Result> {
  try {
    return await reissuing
  } catch (error) {
    if (!isFault(error, 'name_refused')) throw error
    throw new Fault('name_refused', { ...error.detail, parameter: 'cert_id' }, { cause: error })
  }
}
