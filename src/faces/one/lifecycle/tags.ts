import { annotateCertificates } from '../../../core/lifecycle/annotate-certificate.ts'
import type { Call } from '../call.ts'
import { readId } from '../ids.ts'
import { refuseMember } from '../refusal.ts'
import { done } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { readTags } from './issue-body.ts'

const manage = { api: 'mpki', method: 'POST', access: 'MANAGE_EM_CERTIFICATE', tier: 'C' } as const
const mostAtOnce = 1_000

/** Words by which certificates are found. */
export const tagRoutes = [
  defineRoute({
    ...manage,
    path: '/v1/certificate/:serial/tag',
    async handler(call) {
      const tags = requiredTags(call)
      const id = call.pathId('serial', 'certificate', 'certificate')
      await annotateCertificates(
        call.engine,
        call.member,
        [id],
        (item) => ({ tags: [...new Set([...item.tags, ...tags])] }),
        call.caller,
      )
      return done
    },
  }),
  defineRoute({
    ...manage,
    path: '/v1/certificate/tag/bulk-add',
    async handler(call) {
      const tags = requiredTags(call)
      await annotateCertificates(
        call.engine,
        call.member,
        requiredCertificates(call),
        (item) => ({ tags: [...new Set([...item.tags, ...tags])] }),
        call.caller,
      )
      return done
    },
  }),
  defineRoute({
    ...manage,
    path: '/v1/certificate/tag/bulk-replace',
    async handler(call) {
      const tags = readTags(call.body, 'tags')
      call.body.check()
      await annotateCertificates(
        call.engine,
        call.member,
        requiredCertificates(call),
        () => ({ tags }),
        call.caller,
      )
      return done
    },
  }),
] as const

function requiredTags({ body }: Call): readonly string[] {
  const tags = readTags(body, 'tags')
  if (tags.length === 0) body.complain('member_missing', 'tags')
  body.check()
  return tags
}

function requiredCertificates({ body }: Call): readonly number[] {
  const ids = body.texts('certificate_ids').map((id) => readId('certificate', id) ?? 0)
  if (ids.length === 0) throw refuseMember('member_missing', 'certificate_ids')
  if (ids.length > mostAtOnce) throw refuseMember('member_invalid', 'certificate_ids')
  return ids
}
