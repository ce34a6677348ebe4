import type { AuthorityRecord } from '../../../core/authorities/authority.ts'
import { authorityChain } from '../../../core/authorities/authority-chain.ts'
import { type CertificateProfile, certificateProfiles } from '../../../core/lifecycle/certificate-profile.ts'
import { changeProfile, createProfile } from '../../../core/lifecycle/manage-profiles.ts'
import { maySee, visibleProfile } from '../../../core/lifecycle/sight.ts'
import type { CollectionQuery, Condition } from '../../../core/store/collection.ts'
import type { Program } from '../../../core/store/program.ts'
import type { View } from '../../../core/store/store.ts'
import { versionOf } from '../../../core/version.ts'
import { type Call, madeId } from '../call.ts'
import { created, done, ok } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { readProfileChanges, readProfileRequest } from './profile-body.ts'
import { profileSummary, profileView } from './profile-view.ts'

type Column = keyof typeof certificateProfiles.columns

const view = { api: 'mpki', method: 'GET', access: 'VIEW_EM_PROFILE' } as const
const manage = { api: 'mpki', access: 'MANAGE_EM_PROFILE', tier: 'C' } as const
const present: Condition<Column> = { column: 'status', is: 'none-of', values: ['Deleted'] }

/** Profiles, the same in all three versions of their API; lists are plain arrays. */
export const profileRoutes = [
  ...(['v1', 'v2', 'v3'] as const).flatMap((version) => [
    defineRoute({
      ...view,
      path: `/${version}/profile`,
      tier: version === 'v2' ? 'A' : 'B',
      async handler(call) {
        const { engine, member, account, query } = call
        const window = query.window({ usual: 100, most: 1000 })
        const boundTo = query.id('api_token_id', 'token')
        const unit = query.id('business_unit_id', 'business-unit')
        const where: Condition<Column>[] = [
          present,
          ...(unit === undefined
            ? []
            : [{ column: 'business_unit_id', is: 'any-of', values: [unit] } satisfies Condition<Column>]),
        ]
        const sort = query.sort<Column>({ name: 'name', status: 'status' })
        const isSeen = (profile: CertificateProfile) =>
          maySee(member, profile) && (boundTo === undefined || profile.boundTokenId === boundTo)
        const seen = await engine.store.read((each) =>
          listSeen(each, { accountId: account.id, where, sort, ...window }, isSeen),
        )
        return ok(seen.map(profileSummary))
      },
    }),
    defineRoute({
      ...view,
      path: `/${version}/profile/:id`,
      tier: version === 'v2' ? 'A' : 'B',
      async handler(call) {
        const profile = await meant(call)
        return ok(profileView(profile, await chainOf(call, profile)), versionOf(profile))
      },
    }),
  ]),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/v1/profile',
    async handler(call) {
      const { engine, member, caller, body } = call
      const request = readProfileRequest(body)
      body.check()
      const profile = await call.once({
        run: (binding) => createProfile(engine, member, request, caller, binding),
        recall: async (subject) =>
          await engine.store.read((each) => visibleProfile(each, member, madeId(subject))),
      })
      return created(profileView(profile, await chainOf(call, profile)))
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/v1/profile/:id',
    async handler(call) {
      const { engine, member, caller, body } = call
      const changes = readProfileChanges(body)
      body.check()
      const { id } = await meant(call)
      await changeProfile(engine, member, id, changes, call.expectedVersions, caller)
      return done
    },
  }),
] as const

const readAtOnce = 1_000

/** A page of the profiles that somebody may see: the others take no place in it. */
function* listSeen(
  view: Pick<View, 'collection'>,
  { offset, limit, ...query }: CollectionQuery<Column>,
  isSeen: (profile: CertificateProfile) => boolean,
): Program<readonly CertificateProfile[]> {
  const seen: CertificateProfile[] = []
  for (let read = 0; seen.length < offset + limit; read += readAtOnce) {
    const part = { ...query, offset: read, limit: readAtOnce }
    const { items } = yield* view.collection(certificateProfiles).list(part)
    seen.push(...items.filter(isSeen))
    if (items.length < readAtOnce) break
  }
  return seen.slice(offset, offset + limit)
}

/** One that is malformed, absent or of another account is answered alike. */
async function meant(call: Call<'id'>): Promise<CertificateProfile> {
  const id = call.idInPath('id', 'profile')
  return await call.engine.store.read((each) => visibleProfile(each, call.member, id))
}

async function chainOf(
  { engine }: Call,
  { authorityId }: CertificateProfile,
): Promise<readonly AuthorityRecord[]> {
  return authorityChain(engine, authorityId)
}
