import { hash } from 'node:crypto'
import { encodeName, type NameInput } from '../../pki/names.ts'
import { oids } from '../../pki/oids.ts'
import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import { authorityChain } from '../authorities/authority-chain.ts'
import { authorityId, type Instant } from '../brand.ts'
import { issueCertificate } from '../certificates/issue.ts'
import { requestFor } from '../certificates/subscriber-key.ts'
import { dayOf, isDayOver, parseDay } from '../days.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { KeyRecord } from '../keys/key-record.ts'
import { upperHex } from '../lifecycle/describe-certificate.ts'
import { memberOf } from '../service-users/change-service-user.ts'
import { requireComingDay } from '../service-users/end-date.ts'
import { requireMayManage } from '../service-users/may-manage.ts'
import { nameKey } from '../service-users/service-user.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { type ClientCertificate, clientCertificates } from './client-certificate.ts'

export interface ClientCertificateRequest {
  readonly userId: number
  /** As `isCredentialName` says. */
  readonly name: string
  /** DER; undefined: a key is made, handed out, and not kept. */
  readonly csr: Uint8Array | undefined
  /** Last UTC day; null: in a year, or that of the owner where it is earlier. */
  readonly endDate: string | null
}

export interface CreatedClientCertificate {
  readonly certificate: ClientCertificate
  readonly certificateDer: Uint8Array
  /** CAs above it, nearest first. */
  readonly chainDer: readonly Uint8Array[]
  /** PKCS#8 of a key that was made here; the caller zeroes it. */
  readonly privateKeyDer: Uint8Array | undefined
}

const dayMs = 86_400_000
const usualDays = 365

/**
 * Makes a certificate by which a user logs in on the listener for mutual TLS, with all his rights. The operator's CA
 * issues it, so that the listener has one issuer to ask for.
 *
 * @throws Fault object_unknown, name_taken, ended, permission_missing; parameter_invalid: `end_date` in the past or
 *   after the owner's; what issuing raises
 */
export async function createClientCertificate(
  engine: Engine,
  by: Member,
  request: ClientCertificateRequest,
  caller: Caller,
): Promise<CreatedClientCertificate> {
  const now = engine.clock.now()
  const owner = await engine.store.read((view) => memberOf(view, by.account, request.userId))
  requireMayManage(by, owner)
  const { user, serviceUser } = owner
  const ownersEnd = serviceUser?.endDate ?? null
  if (isDayOver(ownersEnd, now)) throw new Fault('ended', { what: 'service user' })
  requireComingDay(request.endDate, now)
  if (ownersEnd !== null && request.endDate !== null && request.endDate > ownersEnd) {
    throw new Fault('parameter_invalid', { parameter: 'end_date', reason: 'after the end of its owner' })
  }
  const issuer = await operatorAuthority(engine)
  const lastDay = request.endDate ?? earlier(ownersEnd, dayOf(now + usualDays * dayMs))
  const notAfter = Math.min((parseDay(lastDay) ?? now) + dayMs - 1_000, issuer.notAfter)
  const subject: readonly NameInput[] = [{ type: oids.commonName, value: request.name.slice(0, 64) }]
  const key = request.csr === undefined ? await madeKey(engine, issuer.accountId) : undefined
  const csr = request.csr ?? (key && (await requestFor(engine, key, undefined, encodeName(subject), [])))
  if (csr === undefined) throw new Fault('parameter_missing', { parameter: 'csr' })
  let certificate: ClientCertificate | undefined
  const issued = await issueCertificate(
    engine,
    {
      accountId: issuer.accountId,
      authorityId: issuer.id,
      profile: 'client-authentication',
      origin: 'installation',
      key: { from: 'request', csr },
      names: [],
      subject: subject.map((attribute) => ({ ...attribute, parameter: 'name' })),
      notAfter,
      whileReserving: (transaction) => requireFreeName(transaction, by, request.name),
      *whileRecording(transaction, made) {
        certificate = {
          id: yield* transaction.collection(clientCertificates).nextId(),
          accountId: by.account.id,
          userId: user.id,
          name: request.name,
          fingerprint: hash('sha256', made.certificateDer, 'hex'),
          certificateId: made.id,
          serialNumber: upperHex(made.serialNumber),
          isEnabled: true,
          notAfter: made.notAfter,
          createdAt: now,
        }
        if (!(yield* transaction.collection(clientCertificates).insert(certificate))) {
          throw new Fault('name_taken', { parameter: 'name', name: request.name })
        }
        transaction.record({
          action: 'client-certificate.created',
          at: engine.clock.now(),
          actor: caller.actor,
          accountId: by.account.id,
          object: `client-certificate:${certificate.id}`,
          requestId: caller.requestId,
          detail: { name: request.name, userId: user.id, notAfter: made.notAfter },
        })
      },
    },
    caller,
  )
  if (certificate === undefined) throw new Fault('issuance_uncertain', {})
  const chain = await authorityChain(engine, issuer.id)
  return {
    certificate,
    certificateDer: issued.certificateDer,
    chainDer: chain.map(({ certificateDer }) => certificateDer),
    privateKeyDer: key && engine.keyService.exportPrivateKey(key),
  }
}

/** Days written YYYY-MM-DD sort as they follow each other. */
function earlier(day: string | null, other: string): string {
  return day !== null && day < other ? day : other
}

/** The CA that issues client certificates. @throws Fault authority_unusable before the installation has an operator */
async function operatorAuthority(engine: Engine) {
  const found = await engine.store.read(function* (view) {
    const id = yield* view.runtime.setting('operator-authority')
    return id === undefined ? undefined : yield* view.authorities.byId(authorityId(Number(id)))
  })
  if (found === undefined) throw new Fault('authority_unusable', {})
  return found
}

/** Not stored: whoever gets it has the only copy. */
function madeKey(engine: Engine, accountId: KeyRecord['accountId']): Promise<KeyRecord> {
  const now: Instant = engine.clock.now()
  return engine.keyService.generate({ kind: 'p-256', purpose: 'subscriber', accountId, now })
}

function* requireFreeName(transaction: Transaction, { account }: Member, name: string): Program<void> {
  const [taken] = yield* transaction
    .collection(clientCertificates)
    .withValue(account.id, 'name_key', nameKey(name), 1)
  if (taken !== undefined) throw new Fault('name_taken', { parameter: 'name', name })
}
