import type { AccountRecord } from '../../../core/accounts/account.ts'
import { Fault } from '../../../core/faults.ts'
import type { Call } from '../call.ts'
import { readId, uuidOf } from '../ids.ts'
import { ok } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { administratorsOf } from './administrators.ts'

const common = { api: 'account', method: 'GET', access: 'member', tier: 'B' } as const

/**
 * The account of the credential; it sees no other. Many programs call this first to see whether a key works, so any
 * right at all will do; who administers the account is for those with the right to see it.
 */
export const accountRoutes = [
  defineRoute({
    ...common,
    path: '/v1/account',
    async handler(call) {
      requireAnyRight(call)
      const { offset } = call.query.window({ usual: 1000 })
      return ok(offset === 0 ? [await accountView(call)] : [])
    },
  }),
  defineRoute({
    ...common,
    path: '/v1/account/:id',
    async handler(call) {
      requireAnyRight(call)
      if (readId('account', call.pathText('id')) !== call.account.id) {
        throw new Fault('object_unknown', { object: 'account' })
      }
      return ok(await accountView(call))
    },
  }),
] as const

/** @throws Fault permission_missing */
function requireAnyRight(call: Call): void {
  if (call.member.permissions.size === 0) call.require('VIEW_AM_ACCOUNT')
}

const dayLength = 10

async function accountView(call: Call) {
  const { account, language } = call
  return {
    id: uuidOf('account', account.id),
    name: account.name,
    active: account.status === 'active',
    service_period: servicePeriod(account),
    friendly_identifier: account.email,
    admins: call.may('VIEW_AM_ACCOUNT') ? await administratorsOf(call) : [],
    sign_in_methods: [
      {
        signInMethod: 'client_auth_certificate',
        status: 'enabled',
        mfaStatus: 'disabled',
        clientAuthCertLoginEnabled: true,
      },
    ],
    locale: language === 'ja' ? 'ja_JP' : 'en_US',
  }
}

/** An account does not end here; clients want to see an end all the same. */
function servicePeriod({ createdAt }: AccountRecord) {
  return { from: new Date(createdAt).toISOString().slice(0, dayLength), to: '9999-12-31' }
}
