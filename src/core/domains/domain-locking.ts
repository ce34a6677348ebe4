import type { Caller } from '../audit/caller.ts'
import { parseIssueValue } from '../caa/issue-value.ts'
import { findRelevantSet } from '../caa/relevant-set.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { loadPolicy } from '../identity/account-policy.ts'
import type { Principal } from '../identity/principal.ts'
import { corroborate } from '../validation/perspectives.ts'
import { isSameValue } from '../validation/random-value.ts'
import { tellDomain } from './add-domain.ts'
import { accountTokenOf } from './caa-identity.ts'
import { type Domain, type DomainLock, domains } from './domain.ts'
import { visibleDomain } from './find-domains.ts'

type Seeker = Pick<Principal, 'account' | 'scope'>

/**
 * Locks a domain, or unlocks it. A new lock is pending until a CAA record with the account's token was seen.
 * @throws Fault object_unknown, domain_lock_unavailable
 */
export async function setDomainLock(
  engine: Engine,
  by: Seeker,
  id: number,
  isLocked: boolean,
  caller: Caller,
): Promise<void> {
  await engine.store.write(function* (transaction) {
    const { accountId } = yield* visibleDomain(transaction, by, id)
    const { domainLocking } = yield* loadPolicy(transaction, accountId)
    if (!domainLocking) {
      throw new Fault('domain_lock_unavailable', { action: isLocked ? 'activate' : 'deactivate' })
    }
    const domain = yield* transaction.collection(domains).hold(accountId, id)
    if (domain === undefined) throw new Fault('object_unknown', { object: 'domain' })
    const status = isLocked ? (domain.locking?.status === 'enabled' ? 'enabled' : 'pending') : 'disabled'
    const locking: DomainLock = { status, token: accountTokenOf(engine, accountId) }
    yield* transaction.collection(domains).replace({ ...domain, locking })
    tellDomain(transaction, 'domain.changed', domain, engine.clock.now(), caller, { locking: status })
  })
}

/**
 * Looks for the CAA record that a lock needs, and enables the lock when it is there.
 * @param token as the caller has it; undefined: the account's
 * @returns whether the record is there
 * @throws Fault object_unknown; domain_lock_unavailable where the account cannot lock, or the domain is not locked
 */
export async function checkDomainLock(
  engine: Engine,
  by: Seeker,
  id: number,
  token: string | undefined,
  caller: Caller,
): Promise<boolean> {
  const domain = await engine.store.read(function* (view) {
    const found = yield* visibleDomain(view, by, id)
    const { domainLocking } = yield* loadPolicy(view, found.accountId)
    const isWanted = found.locking !== null && found.locking.status !== 'disabled'
    if (!domainLocking || !isWanted) throw new Fault('domain_lock_unavailable', { action: 'activate' })
    return found
  })
  const expected = accountTokenOf(engine, domain.accountId)
  const isSeen =
    (token === undefined || isSameValue(expected, token)) && (await seesToken(engine, domain, expected))
  await engine.store.write(function* (transaction) {
    const held = yield* transaction.collection(domains).hold(domain.accountId, id)
    if (held?.locking === null || held === undefined || held.locking.status === 'disabled') return
    const status = isSeen ? 'enabled' : 'pending'
    yield* transaction.collection(domains).replace({ ...held, locking: { ...held.locking, status } })
    tellDomain(transaction, 'domain.changed', held, engine.clock.now(), caller, { locking: status })
  })
  return isSeen
}

/** Whether a record that decides for the domain names this CA with the token, as most perspectives see it. */
async function seesToken({ outside, random }: Engine, { name }: Domain, token: string): Promise<boolean> {
  const attempt = Buffer.from(random.bytes(16)).toString('hex')
  const { isCorroborated } = await corroborate(
    outside.perspectives,
    { attempt },
    ({ resolver }) => findRelevantSet(resolver, name),
    (found) =>
      'records' in found &&
      found.records.some(({ tag, value }) => {
        const issue = tag.toLowerCase() === 'issue' ? parseIssueValue(value) : undefined
        const tokens = issue?.parameters.filter(({ tag: parameter }) => parameter === 'account') ?? []
        return (
          issue?.issuer !== undefined &&
          outside.caaIdentities.includes(issue.issuer) &&
          tokens.length === 1 &&
          tokens.every((parameter) => isSameValue(token, parameter.value))
        )
      }),
  )
  return isCorroborated
}
