import { loadAccount, requireActive } from '../accounts/load-account.ts'
import type { Caller } from '../audit/caller.ts'
import type { PublicHierarchyOptions } from '../authorities/public-hierarchy.ts'
import type { AccountId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { unbound } from '../limits/once.ts'
import { checkOrderCsr } from './check-order-csr.ts'
import { carryOutFollowUp, type FollowUpOutcome } from './follow-up.ts'
import { followUpIssuer, followUpValidity } from './follow-up-content.ts'
import { judgeDomains, loadFollowUpFacts, requireActiveOrganization } from './follow-up-facts.ts'
import { nextFollowUp } from './next-follow-up.ts'

/**
 * Issues the next certificate of a plan that asked for it: names, key and all else as before, judged by today's rules.
 * @returns undefined when it is not due, or not any more
 * @throws Fault organization_inactive; control_not_proven where names or organization have to be validated anew, which
 *   is for people; what issuance refuses
 */
export async function reissueAutomatically(
  engine: Engine,
  accountId: AccountId,
  orderId: number,
  options: PublicHierarchyOptions,
  caller: Caller,
): Promise<FollowUpOutcome | undefined> {
  const now = engine.clock.now()
  const facts = await engine.store.read(function* (view) {
    const account = yield* loadAccount(view, engine.sealer, accountId)
    requireActive(account)
    const seeker = { account, scope: { containerIds: null, ownerId: null } }
    return yield* loadFollowUpFacts(view, seeker, String(orderId), now)
  })
  const { order, primary } = facts
  const next = nextFollowUp(order)
  const { csr } = primary.content
  if (next?.kind !== 'reissue' || now < next.at || csr === null) return undefined
  requireActiveOrganization(facts)
  const { authority, issuer, profile } = await followUpIssuer(engine, facts, null, options)
  const names = await engine.store.read((view) => judgeDomains(view, facts, primary.content, now))
  if (names.missing.length > 0 || !facts.isOrganizationReady) {
    throw new Fault('control_not_proven', { method: order.methods?.method ?? 'email', names: names.missing })
  }
  await checkOrderCsr(engine, issuer, csr)
  const validUntil = order.validUntil ?? now
  return carryOutFollowUp(
    engine,
    {
      facts,
      kind: 'reissue',
      content: {
        ...primary.content,
        validity: followUpValidity(engine, null, { facts, profile, validUntil }),
      },
      authority,
      names,
      changes: () => ({}),
      request: {
        accountId,
        type: 'reissue',
        status: 'approved',
        revocation: null,
        requesterId: order.userId,
        reviewerId: null,
        processorId: null,
        comments: 'automatic reissue',
        processorComment: '',
        createdAt: now,
        processedAt: now,
      },
    },
    unbound,
    caller,
  )
}
