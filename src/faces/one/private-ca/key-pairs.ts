import { hash } from 'node:crypto'
import type { AuthorityRecord } from '../../../core/authorities/authority.ts'
import { keyKindOf, parseSubjectPublicKeyInfo } from '../../../pki/spki.ts'
import { hexIdOf } from '../ids.ts'
import { dateTime } from '../lifecycle/certificate-view.ts'
import { keySizes } from '../lifecycle/profile-view.ts'
import { ok, paged } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { authorityMeant, ownAuthorities } from './authorities.ts'

const view = { api: 'certificate-authority', method: 'GET', access: 'VIEW_CM_CA', tier: 'C' } as const

/** Keys of CAs. Each is made with its CA and belongs to it alone, so that its id is that of the CA. */
export const keyPairRoutes = [
  defineRoute({
    ...view,
    path: '/v1/key-pair',
    async handler(call) {
      const { authorities, total, window } = await ownAuthorities(call)
      return paged(authorities.map(keyPairView), total, window)
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/key-pair/:id',
    handler: async (call) => ok(keyPairView(await authorityMeant(call, 'key-pair'))),
  }),
] as const

function keyPairView({ id, name, spkiDer, createdAt, status }: AuthorityRecord) {
  const kind = keyKindOf(parseSubjectPublicKeyInfo(spkiDer))
  return {
    id: hexIdOf('key-pair', id),
    name,
    algorithm: kind === undefined ? undefined : algorithmOf(kind),
    size: kind === undefined ? undefined : keySizes[kind],
    status: status === 'active' ? 'active' : 'inactive',
    ca: { id: hexIdOf('authority', id), name },
    public_key_sha256: hash('sha256', spkiDer, 'hex').toUpperCase(),
    created_date: dateTime(createdAt),
  } as const
}

function algorithmOf(kind: string): string {
  if (kind.startsWith('rsa-')) return 'RSA'
  return kind.startsWith('p-') ? 'EC' : kind.toUpperCase()
}
