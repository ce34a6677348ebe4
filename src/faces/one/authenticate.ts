import type { FastifyRequest } from 'fastify'
import { type Member, memberByCertificate, memberByKey, requirePermission } from '../../core/access/member.ts'
import { kindOfApiKey } from '../../core/accounts/api-key.ts'
import type { Engine } from '../../core/engine.ts'
import { Fault, isFault } from '../../core/faults.ts'
import { admit } from '../../core/limits/admit.ts'
import { judgeFailure } from '../../core/limits/failed-attempts.ts'
import { requestKey } from '../../core/limits/limit-state.ts'
import { windowsFor } from '../../core/limits/limits.ts'
import type { RateWindow } from '../../core/store/admissions.ts'
import { requireAccount } from './call.ts'
import { shownFingerprint } from './client-certificate.ts'
import type { OneOptions } from './options.ts'
import { refuse } from './refusal.ts'
import type { Route } from './route.ts'

/**
 * Lets a request in by what its head says: its credential, then how often it came, then the account it names and what
 * the credential may do. Nothing of the body is read before. Only credentials that do not work count against an
 * address, so that nobody is locked out by a neighbour's mistakes.
 *
 * @param known told who it is, before rate and rights are looked at
 * @throws Refusal key_of_sandbox, key_of_production, account_foreign; Fault credential_unknown, login_throttled,
 *   rate_exceeded, permission_missing, access_denied, account_unavailable, account_corrupt
 */
export async function admitRequest(
  engine: Engine,
  options: OneOptions,
  { access }: Pick<Route, 'access'>,
  request: FastifyRequest,
  known: (member: Member) => void,
): Promise<void> {
  if (access === 'anyone') return
  const member = await memberOfRequest(engine, request)
  known(member)
  await admit(engine, rateKeyOf(member), windowsOf(options, member), engine.clock.now())
  for (const name of ['x-dc-accountid', 'x-dc-account-id']) {
    const account = request.headers[name]
    if (typeof account === 'string' && account !== '') requireAccount(member, account)
  }
  if (access !== 'member') requirePermission(member, access)
}

/** Under what the requests of a credential are counted: a key, or the owner of a client certificate. */
export const rateKeyOf = (member: Member): string => requestKey('one', credentialOf(member))

/** A credential as limits name it. */
export function credentialOf({ credential, user }: Member): string {
  return credential.type === 'api-key' ? credential.key.publicId : `user:${user.id}`
}

/** The limits that hold for a credential. */
export function windowsOf({ rates }: OneOptions, { account, credential }: Member): readonly RateWindow[] {
  return windowsFor(
    'one',
    rates,
    account,
    credential.type === 'api-key' ? credential.key.publicId : undefined,
  )
}

async function memberOfRequest(engine: Engine, request: FastifyRequest): Promise<Member> {
  const keyText = keyOf(request)
  const fingerprint = shownFingerprint(request)
  try {
    // A certificate that was shown has to work, whatever key comes with it.
    const byCertificate =
      fingerprint === undefined ? undefined : await memberByCertificate(engine, fingerprint)
    if (keyText === undefined) {
      if (byCertificate === undefined) throw new Fault('credential_unknown', {})
      return byCertificate
    }
    const byKey = await memberByKey(engine, keyText, request.id)
    if (byCertificate !== undefined && byCertificate.account.id !== byKey.account.id) {
      throw new Fault('credential_unknown', {})
    }
    return byKey
  } catch (error) {
    if (!isFault(error, 'credential_unknown')) throw error
    const judged = await judgeFailure(engine, error, request.ip)
    if (judged !== error) throw judged
    if (keyText !== undefined) await refuseOtherEnvironment(engine, keyText)
    throw error
  }
}

/** `Authorization: Bearer` is another way to show a key; where both are there it wins, as one client has it. */
function keyOf({ headers }: FastifyRequest): string | undefined {
  const bearer = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
  const key = bearer ?? headers['x-api-key']
  return typeof key === 'string' && key.trim() !== '' ? key.trim() : undefined
}

/** @throws Refusal key_of_sandbox, key_of_production */
async function refuseOtherEnvironment(engine: Engine, keyText: string): Promise<void> {
  const kind = kindOfApiKey(keyText)
  if (kind === undefined) return
  const own = (await engine.store.read((view) => view.runtime.setting('kind'))) ?? 'production'
  if (kind !== own) throw refuse(kind === 'sandbox' ? 'key_of_sandbox' : 'key_of_production')
}
