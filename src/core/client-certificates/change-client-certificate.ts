import { type Member, requirePermission } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import { changeStatusWithin } from '../certificates/change-status.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { memberOf } from '../service-users/change-service-user.ts'
import { requireMayManage } from '../service-users/may-manage.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { requireVersion } from '../version.ts'
import { type ClientCertificate, clientCertificates, hasEnded } from './client-certificate.ts'

/** One's own, or with the right to see users anybody's. @throws Fault object_unknown, permission_missing */
export function* visibleClientCertificate(
  view: Pick<View, 'collection'>,
  by: Member,
  id: number,
): Program<ClientCertificate> {
  const certificate = yield* view.collection(clientCertificates).byId(by.account.id, id)
  if (certificate === undefined) throw new Fault('object_unknown', { object: 'client-certificate' })
  if (certificate.userId !== by.user.id) requirePermission(by, 'VIEW_AM_USER')
  return certificate
}

/**
 * Switches a client certificate on or off.
 * @throws Fault object_unknown, version_conflict, ended for one that has expired or is revoked, permission_missing
 */
export function enableClientCertificate(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Member,
  id: number,
  isEnabled: boolean,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const at = clock.now()
    const held = yield* holdClientCertificate(transaction, by, id)
    requireVersion(held, expected)
    const isRevoked = (yield* transaction.status.of(held.certificateId)) !== undefined
    if (isRevoked || hasEnded(held, at)) throw new Fault('ended', { what: 'client certificate' })
    yield* change(transaction, held, isEnabled, at, caller)
  })
}

/**
 * Ends a client certificate for good: it is revoked, and switched off.
 * @throws Fault object_unknown, version_conflict, permission_missing
 */
export function revokeClientCertificate(
  engine: Engine,
  by: Member,
  id: number,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  return engine.store.write(function* (transaction) {
    const held = yield* holdClientCertificate(transaction, by, id)
    requireVersion(held, expected)
    yield* change(transaction, held, false, engine.clock.now(), caller)
    // It belongs to the operator, whose CA issued it; that this account may end it was just looked at.
    const { certificateId } = held
    const revocation = { accountId: null, certificateId, to: 'revoked', reason: 5 } as const
    yield* changeStatusWithin(engine, transaction, revocation, caller)
  })
}

function* change(
  transaction: Transaction,
  held: ClientCertificate,
  isEnabled: boolean,
  at: Instant,
  { actor, requestId }: Caller,
): Program<void> {
  yield* transaction.collection(clientCertificates).replace({ ...held, isEnabled })
  transaction.record({
    action: 'client-certificate.changed',
    at,
    actor,
    accountId: held.accountId,
    object: `client-certificate:${held.id}`,
    requestId,
    detail: { enabledBefore: held.isEnabled, enabled: isEnabled },
  })
}

/** @throws Fault object_unknown, permission_missing */
function* holdClientCertificate(
  transaction: Transaction,
  by: Member,
  id: number,
): Program<ClientCertificate> {
  const { userId } = yield* visibleClientCertificate(transaction, by, id)
  requireMayManage(by, yield* memberOf(transaction, by.account, userId))
  const held = yield* transaction.collection(clientCertificates).hold(by.account.id, id)
  if (held === undefined) throw new Fault('object_unknown', { object: 'client-certificate' })
  return held
}
