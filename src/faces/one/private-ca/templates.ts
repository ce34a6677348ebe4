import { Fault } from '../../../core/faults.ts'
import { lifecycleTemplate, lifecycleTemplates } from '../../../core/lifecycle/templates.ts'
import { leafProfiles } from '../../../core/profiles/profiles.ts'
import { hexIdOf } from '../ids.ts'
import { ok, paged } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { authorityTemplates } from './authority-templates.ts'

const view = {
  api: 'certificate-authority',
  method: 'GET',
  access: 'VIEW_CM_CUSTOM_TEMPLATE',
  tier: 'B',
} as const

const ofAuthorities = Object.values(authorityTemplates)

/** What certificates and CAs are made from: the same for every account. */
export const templateRoutes = [
  defineRoute({
    ...view,
    path: '/v1/template',
    handler({ query }) {
      const window = query.window()
      const all = [...ofAuthorities.map(({ id }) => id), ...lifecycleTemplates.map(({ id }) => id)]
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
  const authority = ofAuthorities.find((template) => template.id === id)
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
