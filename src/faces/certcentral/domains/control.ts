import { setTimeout as pause } from 'node:timers/promises'
import { approveByMail } from '../../../core/domains/approve-by-mail.ts'
import {
  changeDomainMethod,
  renewDomainValue,
  resendDomainMails,
  submitDomain,
} from '../../../core/domains/change-domain.ts'
import { checkDomainControl } from '../../../core/domains/check-domain-control.ts'
import type { Domain } from '../../../core/domains/domain.ts'
import { approvalAddresses } from '../../../core/domains/request-approvals.ts'
import type { Engine } from '../../../core/engine.ts'
import { isFault } from '../../../core/faults.ts'
import { normaliseHostName } from '../../../core/policy/names/host-name.ts'
import { fileUrl } from '../../../core/validation/published.ts'
import type { Call } from '../call.ts'
import { readControlMethod, requiredControlMethod } from '../control-method.ts'
import type { Reader } from '../reader.ts'
import { refuse } from '../refusal.ts'
import { created, done, type Members, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { addressesView } from './addresses-view.ts'
import { domainInSight } from './domain-in-sight.ts'
import { controlState, tokenView } from './domain-view.ts'
import { readLanguage } from './read-domain.ts'

const manage = { resource: 'domains', right: 'manage' } as const
const view = { resource: 'domains', right: 'view', method: 'GET' } as const

/** What a caller has to do, or whom the mails went to. */
export async function expectedProof(engine: Engine, domain: Domain): Promise<Members> {
  const { name, method, randomValue } = domain
  if (method === 'email') {
    return { validation_emails: addressesView(name, await approvalAddresses(engine, name)) }
  }
  if (randomValue === null) return {}
  const token = tokenView(engine, domain, randomValue)
  if (method !== 'http-token') return { dcv_token: token }
  const file = { http_token: randomValue.value, http_url: fileUrl(name, engine.outside.httpPort) }
  return { dcv_token: token, ...file }
}

/** Older clients say `method`, as the `dcv` of a new domain does. */
const methodMember = (body: Reader) =>
  !body.has('dcv_method') && body.has('method') ? 'method' : 'dcv_method'

const changesMethod = (method: 'PUT' | 'POST') =>
  defineRoute({
    ...manage,
    method,
    path: '/domain/:id/dcv/method',
    tier: 'A',
    async handler(call) {
      const { id } = await domainInSight(call)
      const { engine, principal, caller, body } = call
      const wanted = requiredControlMethod(body, methodMember(body))
      const sendsMails = body.flag('send_dcv_email_flag') ?? true
      const language = readLanguage(body, call.language)
      body.check()
      const wish = { method: wanted, language, sendsMails }
      return ok(await expectedProof(engine, await changeDomainMethod(engine, principal, id, wish, caller)))
    },
  })

const resends = (method: 'PUT' | 'POST') =>
  defineRoute({
    ...manage,
    method,
    path: '/domain/:id/dcv/emails',
    tier: 'A',
    body: 'optional',
    async handler(call) {
      const { id, name } = await domainInSight(call)
      const { engine, principal, body } = call
      const scope = body.text('name_scope')?.toLowerCase()
      if (scope !== undefined && scope !== name) body.complain('invalid_value', 'name_scope')
      body.check()
      await resendDomainMails(engine, principal, id, call.language)
      return done
    },
  })

/** The older way to ask for a check, by the method of the body, the path or the domain: says how it went, not why. */
const submits = (verb: 'PUT' | 'POST', path: '/domain/:id/dcv' | '/domain/:id/dcv/cname') =>
  defineRoute({
    ...manage,
    method: verb,
    path,
    tier: 'C',
    body: 'optional',
    async handler(call) {
      const domain = await domainInSight(call)
      const { engine, principal, caller, language, body } = call
      const ofPath = path.endsWith('/cname') ? 'dns-cname-token' : domain.method
      const method = readControlMethod(body, methodMember(body)) ?? ofPath
      body.check()
      if (method !== domain.method) {
        await changeDomainMethod(
          engine,
          principal,
          domain.id,
          { method, language, sendsMails: false },
          caller,
        )
      }
      if (method === 'email') {
        await submitDomain(engine, principal, domain.id, { types: [], language }, caller)
        return ok({ status: controlState(domain, engine.clock.now()) })
      }
      return ok({ status: await checkedState(call, domain.id) })
    },
  })

/** Control over domains. */
export const domainControlRoutes: readonly Route[] = [
  changesMethod('PUT'),
  changesMethod('POST'),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/domain/:id/dcv/token',
    tier: 'A',
    body: 'none',
    async handler(call) {
      const { engine, principal, caller } = call
      const domain = await renewDomainValue(engine, principal, call.pathId('id', 'domain'), caller)
      const token = tokenView(engine, domain, domain.randomValue)
      return created({ ...token, dcv_token: token })
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/domain/:id/dcv/validate-token',
    tier: 'A',
    body: 'optional',
    async handler(call) {
      const { id, randomValue } = await domainInSight(call)
      const { engine, principal, caller, body } = call
      const given = body.text('token')
      if (given !== undefined && given !== randomValue?.value) body.complain('invalid_value', 'token')
      body.check()
      const { evidence } = await checkDomainControl(engine, principal, id, caller, wait)
      return ok({ token: evidence?.value, status: 'active' })
    },
  }),
  defineRoute({
    ...view,
    path: '/domain/:id/dcv/emails',
    tier: 'A',
    async handler(call) {
      const { name } = await domainInSight(call)
      return ok(addressesView(name, await approvalAddresses(call.engine, name)))
    },
  }),
  resends('PUT'),
  resends('POST'),
  submits('PUT', '/domain/:id/dcv'),
  submits('POST', '/domain/:id/dcv'),
  submits('PUT', '/domain/:id/dcv/cname'),
  submits('POST', '/domain/:id/dcv/cname'),
  defineRoute({
    ...view,
    path: '/domain/dcv/emails/:domain',
    tier: 'C',
    async handler(call) {
      const result = normaliseHostName(call.pathText('domain'), { labels: 10, underscores: false })
      if (!('value' in result)) throw refuse('invalid_value', 'domain')
      return ok(addressesView(result.value, await approvalAddresses(call.engine, result.value)))
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/domain/dcv/email/token/:token',
    tier: 'C',
    body: 'none',
    async handler(call) {
      await approveByMail(call.engine, call.pathText('token'), call.caller)
      return ok({ status: 'approved' })
    },
  }),
]

/** `complete` when the random value was found, else what stood before. */
async function checkedState(call: Call<'id'>, id: number): Promise<string> {
  const { engine, principal, caller } = call
  try {
    await checkDomainControl(engine, principal, id, caller, wait)
    return 'complete'
  } catch (error) {
    if (isFault(error, 'control_not_proven')) return 'pending'
    throw error
  }
}

async function wait(milliseconds: number): Promise<void> {
  await pause(milliseconds)
}
