import { type Member, requirePermission } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import { changeStatus } from '../certificates/change-status.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { memberOf } from '../service-users/change-service-user.ts'
import { requireMayManage } from '../service-users/may-manage.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
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
 * @throws Fault object_unknown, version_conflict, ended for one that has expired, permission_missing
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
    yield* requireMayChange(transaction, by, id)
    const held = yield* transaction.collection(clientCertificates).hold(by.account.id, id)
    if (held === undefined) throw new Fault('object_unknown', { object: 'client-certificate' })
    requireVersion(held, expected)
    if (hasEnded(held, at)) throw new Fault('ended', { what: 'client certificate' })
    yield* transaction.collection(clientCertificates).replace({ ...held, isEnabled })
    transaction.record({
      action: 'client-certificate.changed',
      at,
      actor: caller.actor,
      accountId: by.account.id,
      object: `client-certificate:${id}`,
      requestId: caller.requestId,
      detail: { enabledBefore: held.isEnabled, enabled: isEnabled },
    })
  })
}

/**
 * Ends a client certificate for good: it is revoked.
 * @throws Fault object_unknown, version_conflict, permission_missing
 */
export async function revokeClientCertificate(
  engine: Engine,
  by: Member,
  id: number,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  const certificate = await engine.store.read(function* (view) {
    yield* requireMayChange(view, by, id)
    return yield* visibleClientCertificate(view, by, id)
  })
  requireVersion(certificate, expected)
  // It belongs to the operator, whose CA issued it; that this account may end it was just looked at.
  await changeStatus(
    engine,
    { accountId: null, certificateId: certificate.certificateId, to: 'revoked', reason: 5 },
    caller,
  )
}

function* requireMayChange(view: Pick<View, 'collection'>, by: Member, id: number): Program<void> {
  const { userId } = yield* visibleClientCertificate(view, by, id)
  requireMayManage(by, yield* memberOf(view, by.account, userId))
}
