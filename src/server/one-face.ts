import type { Engine } from '../core/engine.ts'
import type { Pkcs12Builder } from '../core/keys/pkcs12.ts'
import { prefixes } from '../faces/one/api.ts'
import { one } from '../faces/one/plugin.ts'
import { routes } from '../faces/one/routes.ts'
import { refuseUnreadable } from '../faces/one/unreadable.ts'
import type { Settings } from './configuration/settings.ts'
import { parseJsonBody } from './http/json-body.ts'
import type { Face } from './http/listener.ts'

/** The name of the face, as listeners pick it by. */
export const oneName = 'one'

/** The DigiCert ONE APIs, below three prefixes. */
export function oneFace(engine: Engine, settings: Settings, pkcs12: Pkcs12Builder): Face {
  const limits = { depth: settings.jsonDepth, members: settings.jsonMembers, elements: settings.jsonElements }
  return {
    name: oneName,
    exposure: 'api',
    documented: routes.map(({ api, method, path }) => ({ method, path: `${prefixes[api]}${path}` })),
    refuseUnreadable: (...given) => refuseUnreadable({ errorShape: settings.oneErrorShape }, ...given),
    plugin: one(engine, {
      rates: engine.settings.limits.one,
      errorShape: settings.oneErrorShape,
      pkcs12,
      parseJson: (body) => parseJsonBody(body, limits),
    }),
  }
}
