import { changeStatus, type StatusWish } from '../../../core/certificates/change-status.ts'
import { standingOf } from '../../../core/certificates/standing.ts'
import { Fault } from '../../../core/faults.ts'
import { sessionEndpoint } from '../endpoint.ts'
import { invalid } from '../input-reason.ts'
import { ownCertificate } from '../own-objects.ts'
import { requiredId, requiredText } from '../parameters.ts'
import { emptyReply } from '../reply.ts'

/**
 * Changes a certificate among good, hold and revoked. `expired` and `obsolete` are words of this API, but
 * nothing takes them on request.
 */
export const certStatus = sessionEndpoint('cert/status', ['cert_id', 'status'], async (call) => {
  const { engine, session, fields, caller } = call
  const id = requiredId(fields, 'cert_id')
  const wish = readStatus(requiredText(fields, 'status'))
  const { record } = await ownCertificate(call, id)
  if (wish === 'expired' || wish === 'obsolete') {
    const status = await engine.store.read((view) => view.status.of(record.id))
    const from = standingOf(record, status, engine.clock.now())
    throw new Fault('status_change_refused', { from, to: wish })
  }
  await changeStatus(engine, { accountId: session.account.id, certificateId: record.id, to: wish }, caller)
  return emptyReply
})

function readStatus(word: string): StatusWish | 'expired' | 'obsolete' {
  switch (word) {
    case 'good':
    case 'hold':
    case 'revoked':
    case 'expired':
    case 'obsolete':
      return word
    default:
      throw invalid('status', 'status-word')
  }
}
