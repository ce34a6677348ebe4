import { approvalMails } from '../../../core/domains/approval-mail.ts'
import type { Domain } from '../../../core/domains/domain.ts'
import type { Engine } from '../../../core/engine.ts'
import { constructedAddresses } from '../../../core/validation/approval-addresses.ts'
import { dateTime } from '../render.ts'
import type { Members } from '../reply.ts'

/** Mails of one domain that are looked at: years of asking every address that may approve. */
const mostMails = 1_000

/** How control over a domain is to be proven as older clients read it, with the mails that went out. */
export async function olderControlView(
  engine: Engine,
  { id, accountId, name, method }: Domain,
): Promise<Members> {
  if (method !== 'email') return { method, name_scope: name }
  const mails = await engine.store.read((view) =>
    view.collection(approvalMails).withValue(accountId, 'domain_id', id, mostMails),
  )
  const constructed = constructedAddresses(name)
  return {
    method,
    name_scope: name,
    dcv_invitations: mails.flatMap((mail): readonly Members[] => {
      if (mail.sentAt === null) return []
      const source = constructed.includes(mail.address) ? 'base' : 'dns_txt'
      return [
        {
          ...{ invitation_id: mail.id, email: mail.address, source },
          ...{ date_sent: dateTime(mail.sentAt), name_scope: mail.name },
        },
      ]
    }),
  }
}
