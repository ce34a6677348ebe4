import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { waitingMailboxes } from '../orders/confirm-mailbox.ts'
import type { Order } from '../orders/order.ts'
import { baseOf } from '../validation/methods.ts'
import { newRandomValue } from '../validation/random-value.ts'
import { approvingDomains, controlPlaces } from './control-places.ts'
import type { ControlEvidence, ValidationMethod } from './domain.ts'
import type { ChosenApprover, OrderControl } from './order-control-record.ts'
import {
  type ApprovalTarget,
  approvalAddresses,
  type MailRepeats,
  requestApprovals,
} from './request-approvals.ts'
import { approvedNames } from './unproven-names.ts'

/** How a new order has control proven: by one random value for all its names, or by mail. */
export function newOrderControl(
  { clock, random }: Pick<Engine, 'clock' | 'random'>,
  method: ValidationMethod,
  {
    approvers = [],
    evidence = [],
  }: { readonly approvers?: readonly ChosenApprover[]; readonly evidence?: readonly ControlEvidence[] } = {},
): OrderControl {
  const randomValue = method === 'email' ? null : newRandomValue(random, clock.now())
  return { method, randomValue, evidence, approvers }
}

/** An approver as a caller names him. */
export interface ApproverWish {
  readonly dnsName: string
  /** Absent: what stands behind the address's `@`. */
  readonly emailDomain?: string
  readonly email: string
  /** Where it came from, such as `dcv_emails.0`. */
  readonly parameter: string
}

/**
 * The approvers that a caller chose, each allowed to approve for a domain of the name.
 * @param names of the order, in normal form
 * @throws Fault parameter_invalid
 */
export async function chooseApprovers(
  engine: Engine,
  names: readonly string[],
  wishes: readonly ApproverWish[],
): Promise<readonly ChosenApprover[]> {
  const chosen: ChosenApprover[] = []
  for (const { dnsName, emailDomain, email, parameter } of wishes) {
    const name = names.find((each) => each === dnsName.toLowerCase())
    if (name === undefined) throw refused(`${parameter}.dns_name`, 'not a name of the order')
    const address = email.toLowerCase()
    const domain = (emailDomain ?? address.slice(address.lastIndexOf('@') + 1)).toLowerCase()
    if (!approvingDomains(name).includes(domain)) {
      throw refused(`${parameter}.email_domain`, 'not a domain of the name')
    }
    if (!(await approvalAddresses(engine, domain)).includes(address)) {
      throw refused(`${parameter}.email`, 'not an address that may approve for the domain')
    }
    chosen.push({ name, domain, address })
  }
  return chosen
}

/**
 * Asks by mail for the approval of every name that has no proof yet, where that is the method, and of every mailbox
 * that no organization answers for. Nobody is asked about certificates that wait for the account's own approver first:
 * what is rejected troubles nobody else. What cannot be done now is done by the background: an order that is placed stays
 * placed.
 */
export async function afterOrderPlaced(
  engine: Engine,
  order: Pick<
    Order,
    'id' | 'accountId' | 'product' | 'lead' | 'methods' | 'confirmedEmails' | 'controlScope' | 'locale'
  >,
  repeats: MailRepeats = 'when-closed',
): Promise<void> {
  const { methods } = order
  const mailboxes = waitingMailboxes(order)
  if (methods?.method !== 'email' && mailboxes.length === 0) return
  const subject = { accountId: order.accountId, domainId: null, orderId: order.id } as const
  const language = order.locale === 'ja' ? 'ja' : 'en'
  try {
    const { isApproved, missing } = await engine.store.read((view) =>
      approvedNames(view, order, engine.clock.now()),
    )
    if (!isApproved) return
    const targets: ApprovalTarget[] = mailboxes.map((name) => ({ name, addresses: [name] }))
    if (methods?.method === 'email') targets.push(...approvalTargets(methods, missing, order.controlScope))
    await requestApprovals(engine, subject, targets, language, repeats)
  } catch (error) {
    engine.log.warn({ err: error, order: order.id }, 'approval mails of an order wait for the background')
  }
}

/** The domains that have to be approved for, each once, with the addresses that the caller chose. */
function approvalTargets(
  { approvers }: OrderControl,
  names: readonly string[],
  scope: Order['controlScope'],
): readonly ApprovalTarget[] {
  const targets = new Map<string, ApprovalTarget>()
  for (const name of names) {
    const chosen = approvers.filter((approver) => baseOf(approver.name) === baseOf(name))
    const [place] = controlPlaces('email', name, scope)
    if (chosen.length === 0) targets.set(place, targets.get(place) ?? { name: place })
    for (const { domain, address } of chosen) {
      const present = targets.get(domain)?.addresses ?? []
      targets.set(domain, { name: domain, addresses: [...new Set([...present, address])] })
    }
  }
  return [...targets.values()]
}

function refused(parameter: string, reason: string): Fault {
  return new Fault('parameter_invalid', { parameter, reason })
}
