import type { Caller } from '../audit/caller.ts'
import type { Action } from '../audit/event.ts'
import type { AuthorityGrants } from '../authorities/authority.ts'
import type { AccountId, CertificateId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { followStatus } from '../lifecycle/follow-status.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { CertificateRecord, RevocationReason, StatusRecord } from './certificate.ts'
import { tellingRefusal } from './refused-wish.ts'
import { type Standing, standingOf } from './standing.ts'

export type StatusWish = 'good' | 'hold' | 'revoked'

/** A wish to change a certificate's status. */
export interface StatusChange {
  /** The account that asks; null: the operator. */
  readonly accountId: AccountId | null
  readonly certificateId: CertificateId
  readonly to: StatusWish
  /** RFC 5280 section 5.3.1. Default 0, written as absence. Of a leaf: 0, 1, 3, 4, 5 or 9. */
  readonly reason?: RevocationReason
  /**
   * `certificate-key`: the caller proved that he holds the certificate's private key. Only then does reason 1
   * block the key and revoke every other certificate over it.
   */
  readonly proof?: 'certificate-key'
  /** Joins the transaction when nobody else changes the certificate any more, and may refuse. */
  readonly whileHeld?: (transaction: Transaction) => Program<void>
  /** Joins the transaction when the status is as wished. */
  readonly whenChanged?: (transaction: Transaction) => Program<void>
}

const leafReasons: readonly number[] = [0, 1, 3, 4, 5, 9]
const SIBLINGS_A_PAGE = 100

/**
 * Revokes, holds or reinstates. Asking for the present status succeeds and changes nothing; a second revocation
 * changes the entry only where proof raises its reason to keyCompromise, and its date never moves. A refusal is told
 * to the audit log.
 *
 * @throws Fault certificate_unknown, access_denied, certificate_not_issued, authority_unusable,
 *   revocation_reason_refused, status_change_refused (from and to are what TinyCert calls a status)
 */
export function changeStatus(engine: Engine, change: StatusChange, caller: Caller): Promise<void> {
  const { accountId, certificateId, to } = change
  const wish = { wish: to, accountId, object: `certificate:${certificateId}` }
  return tellingRefusal(engine, wish, caller, () => applyChange(engine, change, caller))
}

async function applyChange(engine: Engine, change: StatusChange, caller: Caller): Promise<void> {
  checkReason(change)
  await engine.stopAt?.('revoke.before-commit')
  await engine.store.write((transaction) => changeStatusWithin(engine, transaction, change, caller))
  await engine.stopAt?.('revoke.committed')
}

/** @throws Fault revocation_reason_refused */
function checkReason({ reason = 0, to }: StatusChange): void {
  if (!leafReasons.includes(reason) || (reason !== 0 && to !== 'revoked')) {
    throw new Fault('revocation_reason_refused', { reason: String(reason) })
  }
}

/**
 * The same as a part of a transaction, for what has to become durable together with it. A refusal is told to nobody.
 * @throws Fault as `changeStatus`
 */
export function* changeStatusWithin(
  { clock }: Pick<Engine, 'clock'>,
  transaction: Transaction,
  change: StatusChange,
  caller: Caller,
): Program<void> {
  checkReason(change)
  const record = yield* find(transaction, change)
  if (change.whileHeld !== undefined) yield* change.whileHeld(transaction)
  yield* changeHeld(transaction, record, change, clock.now(), caller)
  if (change.whenChanged !== undefined) yield* change.whenChanged(transaction)
}

function* changeHeld(
  transaction: Transaction,
  record: CertificateRecord,
  change: StatusChange,
  now: Instant,
  caller: Caller,
): Program<void> {
  const { reason = 0 } = change
  const authority = yield* transaction.authorities.byId(record.authorityId)
  if (authority === undefined) throw new Fault('authority_unusable', {})
  const current = yield* transaction.status.of(record.id)
  const from = standingOf(record, current, now)
  if (from === 'revoked' && change.to === 'revoked') {
    yield* repeat(transaction, record, current, change, now, caller)
    return
  }
  if (from === change.to) return
  refuseForbidden(from, change, authority.grants)
  // What a proven compromise revoked stays so, on CAs with reversible revocation too.
  if (change.to !== 'revoked' && (yield* transaction.status.keyBlocked(record.spkiDigest))) {
    throw new Fault('status_change_refused', { from, to: change.to })
  }
  if (change.to === 'good') yield* transaction.status.clear(record.id)
  else yield* transaction.status.set(statusRow(record, change.to, reason, current?.at ?? now))
  yield* follow(transaction, record, change.to, change.to === 'hold' ? 6 : reason, now)
  tell(transaction, record, change.to, from, reason, now, caller)
  if (reason === 1 && change.proof === 'certificate-key') {
    yield* compromise(transaction, record, now, caller)
  }
}

/**
 * Only proof of the private key changes an entry, to keyCompromise and nothing else. Where the reason was claimed
 * before, the proof still blocks the key and revokes its other certificates.
 */
function* repeat(
  transaction: Transaction,
  record: CertificateRecord,
  current: StatusRecord | undefined,
  change: StatusChange,
  now: Instant,
  caller: Caller,
): Program<void> {
  const isProven = change.reason === 1 && change.proof === 'certificate-key'
  if (!isProven || current === undefined) return
  if (current.reason !== 1) {
    yield* transaction.status.set({ ...current, reason: 1 })
    yield* follow(transaction, record, 'revoked', 1, current.at)
    tell(transaction, record, 'revoked', 'revoked', 1, now, caller)
  } else if (yield* transaction.status.keyBlocked(record.spkiDigest)) {
    return
  }
  yield* compromise(transaction, record, now, caller)
}

/** Blocks the key and revokes every other certificate over it, in the transaction that proved the compromise. */
function* compromise(
  transaction: Transaction,
  proven: CertificateRecord,
  now: Instant,
  caller: Caller,
): Program<void> {
  yield* transaction.status.blockKey(proven.spkiDigest, 'compromised', now)
  transaction.record({
    action: 'key.blocked',
    at: now,
    actor: caller.actor,
    accountId: proven.accountId,
    object: `key:${Buffer.from(proven.spkiDigest).toString('hex')}`,
    requestId: caller.requestId,
    detail: { certificate: proven.id },
  })
  for (let after = 0; ; ) {
    const siblings = yield* transaction.certificates.withKey(proven.spkiDigest, now, after, SIBLINGS_A_PAGE)
    for (const sibling of siblings) {
      after = sibling.id
      if (sibling.id === proven.id) continue
      // Whoever is lifting its hold at this moment would take the revocation away with it.
      yield* transaction.certificates.hold(sibling.id)
      const current = yield* transaction.status.of(sibling.id)
      if (current?.status === 'revoked') continue
      yield* transaction.status.set(statusRow(sibling, 'revoked', 1, current?.at ?? now))
      yield* follow(transaction, sibling, 'revoked', 1, current?.at ?? now)
      tell(transaction, sibling, 'revoked', current === undefined ? 'good' : 'hold', 1, now, caller)
    }
    if (siblings.length < SIBLINGS_A_PAGE) return
  }
}

function* find(transaction: Transaction, change: StatusChange): Program<CertificateRecord> {
  const { accountId, certificateId } = change
  const any = yield* transaction.certificates.hold(certificateId)
  if (any === undefined) throw new Fault('certificate_unknown', {})
  if (accountId !== null && any.accountId !== accountId) {
    throw new Fault('access_denied', { object: 'certificate' })
  }
  if (any.state !== 'issued') throw new Fault('certificate_not_issued', { state: any.state })
  if (accountId === null) return any
  const own = yield* transaction.certificates.byId(accountId, certificateId)
  if (own === undefined) throw new Fault('certificate_unknown', {})
  return own
}

/**
 * Revoked never becomes good (I5); only the TinyCert contract departs from that, by a grant on its CAs. It also lets
 * no account revoke what is obsolete; that binds neither the operator nor who proves the key to be compromised.
 */
function refuseForbidden(
  from: Standing,
  { accountId, to, proof }: StatusChange,
  grants: AuthorityGrants,
): void {
  const reversible = grants.reversibleRevocation === true
  const bindsCaller = reversible && accountId !== null && proof === undefined
  const allowed =
    from === 'good'
      ? to === 'revoked' || grants.hold === true
      : from === 'hold'
        ? true
        : from === 'revoked'
          ? reversible
          : from === 'obsolete' && to === 'revoked' && !bindsCaller
  if (!allowed) throw new Fault('status_change_refused', { from, to })
}

function statusRow(
  record: CertificateRecord,
  to: 'hold' | 'revoked',
  reason: RevocationReason,
  at: Instant,
): StatusRecord {
  return {
    certificateId: record.id,
    authorityId: record.authorityId,
    serialNumber: record.serialNumber,
    status: to,
    reason: to === 'hold' ? 6 : reason,
    at,
    notAfter: record.notAfter,
  }
}

/** The inventory of whoever manages certificates over their life shows what became of them. */
function* follow(
  transaction: Transaction,
  { id, origin }: CertificateRecord,
  to: StatusWish,
  reason: RevocationReason,
  at: Instant,
): Program<void> {
  if (origin === 'one') yield* followStatus(transaction, id, to, reason, at)
}

const actions: { readonly [To in StatusWish]: Action } = {
  good: 'certificate.reinstated',
  hold: 'certificate.held',
  revoked: 'certificate.revoked',
}

function tell(
  transaction: Transaction,
  record: CertificateRecord,
  to: StatusWish,
  from: Standing,
  reason: RevocationReason,
  at: Instant,
  caller: Caller,
): void {
  transaction.record({
    action: actions[to],
    at,
    actor: caller.actor,
    accountId: record.accountId,
    object: `certificate:${record.id}`,
    requestId: caller.requestId,
    detail: { from, to, reason },
  })
}
