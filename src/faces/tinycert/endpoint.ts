import type { AccountRecord } from '../../core/accounts/account.ts'
import { openTinycertKey } from '../../core/accounts/load-account.ts'
import { type OpenSession, useSession } from '../../core/accounts/session-use.ts'
import type { Caller } from '../../core/audit/caller.ts'
import type { Engine } from '../../core/engine.ts'
import { Fault } from '../../core/faults.ts'
import type { FormFields } from './form.ts'
import type { TinycertOptions } from './options.ts'
import { requirePresent } from './parameters.ts'
import type { Reply } from './reply.ts'
import { isSignedBy, requireDigest, type SignedForm } from './signature.ts'
import { refuseReplay } from './strict-mode.ts'

/** What every endpoint works with. */
export interface Service {
  readonly engine: Engine
  readonly options: TinycertOptions
}

/** A request whose body was read. Nothing of it is verified yet. */
export interface Request {
  readonly form: SignedForm
  readonly requestId: string
}

/** One address of the API. */
export interface Endpoint {
  /** Below the base address, without suffix: `cert/new`. */
  readonly path: string
  answer(service: Service, request: Request): Promise<Reply>
}

/** A signed request inside a live session: what it says may be used. */
export interface Call extends Service {
  readonly session: OpenSession
  readonly fields: FormFields
  readonly caller: Caller
}

/**
 * An endpoint that needs a session. Checks come in the order of the contract: token present, token valid,
 * session usable, digest (and what strict mode adds to it), required parameters; then `perform` checks values and acts. The session's secrets are
 * zeroed when it has answered.
 *
 * @param required parameters beside `token`, in the order they are reported when absent
 */
export function sessionEndpoint(
  path: string,
  required: readonly string[],
  perform: (call: Call) => Promise<Reply>,
): Endpoint {
  return {
    path,
    async answer({ engine, options }, { form, requestId }) {
      const session = await useSession(engine, tokenOf(form.fields))
      try {
        requireDigest(form)
        if (!isSignedByAccount(engine, form, session.account)) throw new Fault('signature_mismatch', {})
        await refuseReplay(engine, session.account, path, form.fields)
        requirePresent(form.fields, required)
        const caller: Caller = { actor: { type: 'session', accountId: session.account.id }, requestId }
        return await perform({ engine, options, session, fields: form.fields, caller })
      } finally {
        session.release()
      }
    },
  }
}

/**
 * Whether the account's TinyCert API key made the digest.
 * @throws Fault account_unavailable when the stored key does not open
 */
export function isSignedByAccount(engine: Engine, form: SignedForm, account: AccountRecord): boolean {
  const apiKey = openTinycertKey(engine.sealer, account)
  try {
    return isSignedBy(form, apiKey)
  } finally {
    apiKey.fill(0)
  }
}

/** An empty or nested token is one that nobody has. */
function tokenOf(fields: FormFields): string {
  requirePresent(fields, ['token'])
  const token = fields.get('token')
  if (typeof token !== 'string') throw new Fault('session_unknown', {})
  return token
}
