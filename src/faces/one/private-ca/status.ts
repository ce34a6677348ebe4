import type { AuthorityRecord } from '../../../core/authorities/authority.ts'
import { authorityOf } from '../../../core/authorities/authority-of.ts'
import { authorityId } from '../../../core/brand.ts'
import { crlUrl } from '../../../core/status/crl-shards.ts'
import { publishCrl } from '../../../core/status/publish-crl.ts'
import type { Call } from '../call.ts'
import { hexIdOf } from '../ids.ts'
import { dateTime } from '../lifecycle/certificate-view.ts'
import { refuseMember } from '../refusal.ts'
import { created, done, ok, paged } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { authorityMeant, ownAuthorities } from './authorities.ts'

const view = { api: 'certificate-authority', method: 'GET', access: 'VIEW_CM_CA', tier: 'B' } as const
const manage = { api: 'certificate-authority', method: 'POST', access: 'MANAGE_CM_CA', tier: 'B' } as const
const hourMs = 3_600_000

/**
 * CRLs and OCSP signers. Every CA has both from its beginning, at addresses and in periods that the operator decides
 * for all of them, because they stand in certificates; asking for them as they are succeeds.
 */
export const statusRoutes = [
  defineRoute({
    ...view,
    path: '/v1/crl',
    async handler(call) {
      const { authorities, total, window } = await ownAuthorities(call)
      const items = await Promise.all(authorities.map((authority) => crlView(call, authority)))
      return paged(items, total, window)
    },
  }),
  defineRoute({
    ...manage,
    path: '/v1/crl',
    async handler(call) {
      const { body, engine } = call
      const id = body.requiredId('ca', 'authority')
      const url = body.text('distribution_url', { longest: 2_048 })
      const hours = body.integer('update_period_hours', 1, 24 * 365)
      body.check()
      const authority = await authorityOf(engine, call.account.id, authorityId(id))
      if (url !== undefined && url !== distributionUrl(call, authority)) {
        throw refuseMember('member_invalid', 'distribution_url')
      }
      if (hours !== undefined && hours !== updatePeriodHours(call)) {
        throw refuseMember('member_invalid', 'update_period_hours')
      }
      return created(await crlView(call, authority))
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/crl/:id',
    handler: async (call) => ok(await crlView(call, await authorityMeant(call, 'crl'))),
  }),
  defineRoute({
    ...manage,
    path: '/v1/crl/:id/publish',
    body: 'optional',
    async handler(call) {
      const authority = await authorityMeant(call, 'crl')
      await publishCrl(call.engine, authority.id)
      return done
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/ocsp-responder',
    async handler(call) {
      const { authorities, total, window } = await ownAuthorities(call)
      return paged(
        authorities.map((authority) => responderView(call, authority)),
        total,
        window,
      )
    },
  }),
  defineRoute({
    ...manage,
    path: '/v1/ocsp-responder',
    async handler(call) {
      const { body, engine } = call
      const id = body.requiredId('ca', 'authority')
      const url = body.text('url', { longest: 2_048 })
      body.choice('signing_mode', ['delegated'])
      body.check()
      const authority = await authorityOf(engine, call.account.id, authorityId(id))
      if (url !== undefined && url !== ocspUrl(call, authority)) throw refuseMember('member_invalid', 'url')
      return created(responderView(call, authority))
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/ocsp-responder/:id',
    handler: async (call) => ok(responderView(call, await authorityMeant(call, 'ocsp-responder'))),
  }),
] as const

async function crlView(call: Call, authority: AuthorityRecord) {
  const latest = await call.engine.store.read((each) => each.status.latestCrlHeader(authority.id, 0))
  return {
    id: hexIdOf('crl', authority.id),
    ca: { id: hexIdOf('authority', authority.id), name: authority.name },
    distribution_url: distributionUrl(call, authority),
    update_period_hours: updatePeriodHours(call),
    crl_number: latest === undefined ? undefined : String(latest.number),
    this_update: latest === undefined ? undefined : dateTime(latest.thisUpdate),
    next_update: latest === undefined ? undefined : dateTime(latest.nextUpdate),
  }
}

function responderView(call: Call, authority: AuthorityRecord) {
  return {
    id: hexIdOf('ocsp-responder', authority.id),
    ca: { id: hexIdOf('authority', authority.id), name: authority.name },
    url: ocspUrl(call, authority),
    signing_mode: 'delegated',
  } as const
}

function distributionUrl({ engine }: Call, { id, crlShards }: AuthorityRecord): string {
  return crlUrl({ id, crlShards, publicUrl: engine.settings.publicUrl }, 0)
}

function ocspUrl({ engine }: Call, { id }: AuthorityRecord): string {
  return `${engine.settings.publicUrl}/ocsp/${id}`
}

/** How often a CRL is made anew at the latest. */
function updatePeriodHours({ engine }: Call): number {
  const { crlValidityMs, crlRenewBeforeMs } = engine.settings
  return Math.round((crlValidityMs - crlRenewBeforeMs) / hourMs)
}
