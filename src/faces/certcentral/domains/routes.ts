import { addDomain } from '../../../core/domains/add-domain.ts'
import { deleteDomain, setDomainActive, submitDomain } from '../../../core/domains/change-domain.ts'
import { type Domain, type ValidationMethod, validationMethods } from '../../../core/domains/domain.ts'
import { aroundDomains } from '../../../core/domains/list-domains.ts'
import { validationTypes } from '../../../core/organizations/organization.ts'
import type { Call } from '../call.ts'
import { validationTexts } from '../organizations/organization-view.ts'
import { created, done, listed, type Members, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainControlRoutes, expectedProof } from './control.ts'
import { domainInSight } from './domain-in-sight.ts'
import { domainInfo, validationViews } from './domain-view.ts'
import { domainList, expirationCount, readIncludes } from './list.ts'
import { lockingRoutes } from './locking.ts'
import { olderControlView } from './older-control.ts'
import { readDomain, readLanguage, readMethod, readTypes } from './read-domain.ts'

const view = { resource: 'domains', right: 'view', method: 'GET' } as const
const manage = { resource: 'domains', right: 'manage' } as const

/** Types that name people who answer for the organization. */
const needsUsers: ReadonlySet<string> = new Set(['ev', 'cs', 'ev_cs'])

/** What the methods are called. */
const methodTexts: Readonly<
  Record<ValidationMethod, { readonly name: string; readonly description: string }>
> = {
  email: {
    name: 'Email',
    description: 'Someone in charge of the domain approves by a link in a mail.',
  },
  'dns-txt-token': {
    name: 'DNS TXT Record',
    description: 'The random value stands in a TXT record of the domain or of _dnsauth below it.',
  },
  'dns-cname-token': {
    name: 'DNS CNAME Record',
    description: 'A CNAME record below the domain holds the random value and points at this authority.',
  },
  'http-token': {
    name: 'HTTP Practical Demonstration',
    description: 'The host serves the random value at /.well-known/pki-validation/fileauth.txt.',
  },
}

const activation = (path: '/domain/:id/activate' | '/domain/:id/deactivate') =>
  defineRoute({
    ...manage,
    method: 'PUT',
    path,
    tier: 'A',
    body: 'none',
    async handler(call) {
      const id = call.pathId('id', 'domain')
      await setDomainActive(call.engine, call.principal, id, path.endsWith('/activate'), call.caller)
      return done
    },
  })

/** Domains and their validations. */
export const domainRoutes: readonly Route[] = [
  domainList,
  expirationCount,
  defineRoute({
    ...view,
    path: '/domain/validation-type',
    tier: 'B',
    handler: async () =>
      listed(
        'validation_types',
        validationTypes.map((type) => ({
          type,
          ...validationTexts[type],
          requires_user: needsUsers.has(type),
          requires_dcv: type !== 'private_ssl',
        })),
      ),
  }),
  defineRoute({
    ...view,
    path: '/domain/dcv/method',
    tier: 'B',
    handler: async () =>
      listed(
        'methods',
        validationMethods.map((method) => ({
          name: method,
          display_name: methodTexts[method].name,
          description: methodTexts[method].description,
          default: method === 'email',
        })),
      ),
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/domain',
    tier: 'A',
    async handler({ engine, principal, caller, language, body }) {
      const request = readDomain(body, language)
      body.check()
      const domain = await addDomain(engine, principal, request, caller)
      return created({ id: domain.id, ...(await expectedProof(engine, domain)) })
    },
  }),
  defineRoute({
    ...view,
    path: '/domain/:id',
    tier: 'A',
    handler: async (call) => ok(await info(call, await domainInSight(call))),
  }),
  defineRoute({
    ...manage,
    method: 'DELETE',
    path: '/domain/:id',
    tier: 'B',
    async handler(call) {
      await deleteDomain(call.engine, call.principal, call.pathId('id', 'domain'), call.caller)
      return done
    },
  }),
  activation('/domain/:id/activate'),
  activation('/domain/:id/deactivate'),
  defineRoute({
    ...view,
    path: '/domain/:id/validation',
    tier: 'A',
    async handler(call) {
      const domain = await domainInSight(call)
      const around = await call.engine.store.read((each) => aroundDomains(each, domain.accountId, [domain]))
      const organization = around.organizations.get(domain.organizationId)
      return listed('validations', validationViews(domain, call.engine.clock.now(), organization))
    },
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/domain/:id/validation',
    tier: 'A',
    async handler(call) {
      const { id } = await domainInSight(call)
      const { engine, principal, caller, body } = call
      const [types, method] = [readTypes(body), readMethod(body)]
      const language = readLanguage(body, call.language)
      body.check()
      const wish = { types, language, ...(method !== undefined && { method }) }
      const domain = await submitDomain(engine, principal, id, wish, caller)
      // Who says how control is to be proven is told what to prove.
      return method === undefined ? done : created(await expectedProof(engine, domain))
    },
  }),
  ...domainControlRoutes,
  ...lockingRoutes,
]

async function info({ engine, query }: Call<'id'>, domain: Domain): Promise<Members> {
  const around = await engine.store.read((each) => aroundDomains(each, domain.accountId, [domain]))
  const includes = readIncludes(query)
  const shown = domainInfo(domain, { ...around, ...includes, engine, now: engine.clock.now() })
  if (!includes.includesControl) return shown
  const proof = domain.method === 'email' ? await expectedProof(engine, domain) : {}
  return { ...shown, ...proof, dcv: await olderControlView(engine, domain) }
}
