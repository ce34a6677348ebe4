import { hash } from 'node:crypto'
import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault, isFault } from '../faults.ts'
import { advanceOrder } from '../orders/advance-order.ts'
import { confirmMailbox, isAboutMailbox, waitingMailboxes } from '../orders/confirm-mailbox.ts'
import { orders } from '../orders/orders.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { isTokenOf, mailIdOf } from './approval-link.ts'
import { type ApprovalMail, approvalMails } from './approval-mail.ts'
import { type ControlEvidence, domains } from './domain.ts'
import { addOrderProofs, isWaiting, setDomainProof, takesProofs } from './record-proofs.ts'
import { isOpen } from './request-approvals.ts'

/** What an approval link is about. */
export interface Approval {
  /** Approval is for certificates of this domain and names below it, or of this mailbox. */
  readonly name: string
  readonly address: string
  readonly isApproved: boolean
}

type Parts = Pick<Engine, 'sealer' | 'store' | 'clock'>

/**
 * What a link would approve. Reading it changes nothing: mail programs open links by themselves.
 * @throws Fault object_unknown for a token that is wrong, too old, or not wanted any more
 */
export async function approvalOf(engine: Parts, token: string): Promise<Approval> {
  return engine.store.read(function* (view) {
    return shown(yield* wantedMail(view, engine, token))
  })
}

/**
 * Approves by the token of a mail, which proves control over its domain for the order or the domain that it was sent
 * for, and for nothing else. Again and again is once. An order that is ready then is issued; what stands against that
 * stays for whoever looks at the order.
 *
 * @throws Fault object_unknown
 */
export async function approveByMail(engine: Engine, token: string, caller: Caller): Promise<Approval> {
  const now = engine.clock.now()
  const mail = await engine.store.write(function* (transaction) {
    const { accountId, id } = yield* wantedMail(transaction, engine, token)
    const held = yield* transaction.collection(approvalMails).hold(accountId, id)
    if (held === undefined) throw unknownToken()
    if (held.approvedAt !== null) return held
    const approved: ApprovalMail = { ...held, approvedAt: now, dueAt: null }
    yield* transaction.collection(approvalMails).replace(approved)
    yield* recordAnswer(transaction, engine, held, token, now)
    transaction.record({
      action: 'control.approved',
      at: now,
      actor: caller.actor,
      accountId,
      object: held.orderId === null ? `domain:${held.domainId}` : `order:${held.orderId}`,
      requestId: caller.requestId,
      detail: { name: held.name, address: held.address, mail: held.id },
    })
    return approved
  })
  if (mail.orderId !== null) await advance(engine, mail, mail.orderId, caller)
  return shown(mail)
}

/** A mailbox answers for itself, in the order it was asked for; everything else is proof of control over a domain. */
function* recordAnswer(
  transaction: Transaction,
  engine: Engine,
  { accountId, orderId, domainId, name, address }: ApprovalMail,
  token: string,
  now: Instant,
): Program<void> {
  if (isAboutMailbox({ name })) {
    if (orderId !== null) yield* confirmMailbox(transaction, { accountId, id: orderId }, address, now)
    return
  }
  const proof: ControlEvidence = {
    ...{ name, method: 'email', value: hash('sha256', token), at: now },
    ...{ addresses: [address], perspectives: [] },
  }
  if (orderId !== null) yield* addOrderProofs(transaction, engine, { accountId, id: orderId }, [proof])
  if (domainId !== null) yield* setDomainProof(transaction, engine, { accountId, id: domainId }, proof)
}

async function advance(
  engine: Engine,
  { accountId }: ApprovalMail,
  orderId: number,
  caller: Caller,
): Promise<void> {
  try {
    await advanceOrder(engine, accountId, orderId, caller)
  } catch (error) {
    if (!isFault(error)) throw error
    engine.log.info({ err: error, order: orderId }, 'an approved order is not issued yet')
  }
}

/**
 * The mail of a token. Only what still waits for this very answer takes it: by mail, and not given up.
 * @throws Fault object_unknown
 */
function* wantedMail(view: Pick<View, 'collection'>, engine: Parts, token: string): Program<ApprovalMail> {
  const id = mailIdOf(token)
  const mail = id === undefined ? undefined : yield* view.collection(approvalMails).anyById(id)
  if (mail === undefined || !isTokenOf(engine, mail, token)) throw unknownToken()
  if (mail.approvedAt !== null) return mail
  if (!isOpen(mail, engine.clock.now()) || !(yield* isWanted(view, mail))) throw unknownToken()
  return mail
}

function* isWanted(
  view: Pick<View, 'collection'>,
  { accountId, orderId, domainId, name, address }: ApprovalMail,
): Program<boolean> {
  if (orderId !== null) {
    const order = yield* view.collection(orders).byId(accountId, orderId)
    if (order === undefined) return false
    if (isAboutMailbox({ name })) return isWaiting(order) && waitingMailboxes(order).includes(address)
    return takesProofs(order) && order.methods?.method === 'email'
  }
  const domain = domainId === null ? undefined : yield* view.collection(domains).byId(accountId, domainId)
  return domain?.method === 'email' && domain.isActive
}

function shown({ name, address, approvedAt }: ApprovalMail): Approval {
  return { name, address, isApproved: approvedAt !== null }
}

function unknownToken(): Fault {
  return new Fault('object_unknown', { object: 'token' })
}
