import { Fault } from '../../../core/faults.ts'
import { lifecycleTemplate, lifecycleTemplates } from '../../../core/lifecycle/templates.ts'
import { issuingAuthority, rootAuthority } from '../../../core/profiles/authorities.ts'
import { leafProfiles } from '../../../core/profiles/profiles.ts'
import { hexIdOf } from '../ids.ts'
import { ok, paged } from '../reply.ts'
import { defineRoute } from '../route.ts'

const view = {
  api: 'certificate-authority',
  method: 'GET',
  access: 'VIEW_CM_CUSTOM_TEMPLATE',
  tier: 'B',
} as const

/** Numbers of the templates of CAs, beyond those of certificates. */
const authorityTemplates = [
  { id: 1_001, name: 'Private Root CA', type: 'root', profile: rootAuthority },
  { id: 1_002, name: 'Private Issuing CA', type: 'intermediate', profile: issuingAuthority },
] as const

/** What certificates and CAs are made from: the same for every account. */
export const templateRoutes = [
  defineRoute({
    ...view,
    path: '/v1/template',
    handler({ query }) {
      const window = query.window()
      const all = [...authorityTemplates.map(({ id }) => id), ...lifecycleTemplates.map(({ id }) => id)]
      const page = all.slice(window.offset, window.offset + window.limit)
      return paged(
        page.map(templateView).filter((each) => each !== undefined),
        all.length,
        window,
      )
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/template/:id',
    handler(call) {
      const found = templateView(call.pathId('id', 'template', 'template'))
      if (found === undefined) throw new Fault('object_unknown', { object: 'template' })
      return ok(found)
    },
  }),
] as const

function templateView(id: number) {
  const authority = authorityTemplates.find((template) => template.id === id)
  if (authority !== undefined) {
    const { name, type, profile } = authority
    return {
      id: hexIdOf('template', id),
      name,
      type,
      ca_type: 'online',
      template: { lifetime_days: profile.lifetimeDays, path_length: profile.pathLenConstraint },
    } as const
  }
  const template = lifecycleTemplate(id)
  const profile = template === undefined ? undefined : leafProfiles.get(template.leafProfile)
  if (template === undefined || profile === undefined) return undefined
  return {
    id: hexIdOf('template', id),
    name: template.name,
    type: 'end_entity',
    template: {
      extended_key_usage: profile.extKeyUsage,
      san_types: profile.alternativeNames.types,
      lifetime_days: profile.defaultLifetimeDays,
      seat_type: { id: template.seatType },
    },
  } as const
}
