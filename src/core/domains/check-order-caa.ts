import { parseIpAddress } from '../../pki/ip-addresses.ts'
import type { AccountRecord } from '../accounts/account.ts'
import { type Caller, systemCaller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import { type CaaFinding, checkCaa } from '../caa/check-caa.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { AccountPolicy } from '../identity/account-policy.ts'
import { baseOf } from '../validation/methods.ts'
import { accountTokenOf, accountUriOf } from './caa-identity.ts'
import type { EvidenceMethod, ValidationMethod } from './domain.ts'
import { domainsAround, namesAbove } from './find-domains.ts'

export interface OrderCaaWish {
  readonly account: Pick<AccountRecord, 'id'>
  readonly policy: Pick<AccountPolicy, 'caaRequired'>
  /** Host names, wildcards and addresses in normal form; CAA says nothing of addresses. */
  readonly names: readonly string[]
  /** The method that proved control: of all names, or of each, as `authorizeNames` tells. Null: none is known. */
  readonly method: EvidenceMethod | null | ((name: string) => EvidenceMethod | undefined)
  readonly now: Instant
  /** Whom the findings are told about in the audit log; undefined: the account. */
  readonly orderId?: number
  readonly caller?: Caller
}

/**
 * Asks CAA for every name and keeps what was found in the audit log. Always looked up anew, so that nothing that is
 * signed right after rests on a record older than the call (cases D13 to D18). Public TLS only.
 *
 * @throws Fault caa_forbids for a name that must not be certified, or of which nobody knows; caa_absent where the
 *   account's policy or a lock of its own asks for a record that names this CA, and there is none
 */
export async function checkOrderCaa(engine: Engine, wish: OrderCaaWish): Promise<readonly CaaFinding[]> {
  const judged = await judge(engine, wish)
  if (judged.length === 0) return []
  const findings = judged.map(({ finding }) => finding)
  await tellFindings(engine, wish, findings)
  for (const { domain, verdict } of judged) {
    if (verdict === 'forbidden') throw new Fault('caa_forbids', { domain })
    if (verdict === 'absent') throw new Fault('caa_absent', { domain })
  }
  return findings
}

/** What CAA says of a name now. */
export interface CaaVerdict {
  readonly finding: CaaFinding
  /** The name without its wildcard. */
  readonly domain: string
  /** `absent`: nothing forbids it, but a record that names this CA is needed. */
  readonly verdict: 'permitted' | 'forbidden' | 'absent'
}

/** The same for people to look at: nothing is kept, and nobody relies on it. */
export function previewOrderCaa(engine: Engine, wish: OrderCaaWish): Promise<readonly CaaVerdict[]> {
  return judge(engine, wish)
}

async function judge(engine: Engine, wish: OrderCaaWish): Promise<readonly CaaVerdict[]> {
  const names = wish.names.filter((name) => parseIpAddress(name) === undefined)
  if (names.length === 0) return []
  const locked = await lockedNames(engine, wish, names)
  const findings = await findAll(engine, wish, names, locked)
  return findings.map((finding) => {
    const needsRecord = wish.policy.caaRequired || locked.has(finding.name)
    const isAbsent = needsRecord && !finding.isNamed
    const verdict = finding.refusal !== undefined ? 'forbidden' : isAbsent ? 'absent' : 'permitted'
    return { finding, domain: baseOf(finding.name), verdict }
  })
}

/** The names that belong to a domain which the account itself has locked. */
async function lockedNames(
  { store }: Engine,
  { account }: OrderCaaWish,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const around = await store.read((view) => domainsAround(view, account.id, names))
  const locked = new Set(
    around.flatMap(({ isActive, locking, name }) =>
      isActive && locking?.status === 'enabled' ? [name] : [],
    ),
  )
  return new Set(names.filter((name) => namesAbove(name).some((above) => locked.has(above))))
}

/** Names that differ in lock or method are asked for apart, because the answer depends on both. */
async function findAll(
  engine: Engine,
  { account, method, now }: OrderCaaWish,
  names: readonly string[],
  locked: ReadonlySet<string>,
): Promise<readonly CaaFinding[]> {
  const groups = new Map<string, { isLocked: boolean; method: ValidationMethod | null; names: string[] }>()
  for (const name of names) {
    const proven = typeof method === 'function' ? (method(name) ?? null) : method
    const label = proven === 'operator' ? null : proven
    const isLocked = locked.has(name)
    const group = groups.get(`${label} ${isLocked}`) ?? { isLocked, method: label, names: [] }
    group.names.push(name)
    groups.set(`${label} ${isLocked}`, group)
  }
  const check = {
    identities: engine.outside.caaIdentities,
    accountUris: [accountUriOf(engine, account.id)],
    accountToken: accountTokenOf(engine, account.id),
    perspectives: engine.outside.perspectives,
    attempt: Buffer.from(engine.random.bytes(16)).toString('hex'),
    now,
  }
  const found: CaaFinding[] = []
  for (const { isLocked, method: proven, names: alike } of groups.values()) {
    found.push(...(await checkCaa(alike, { ...check, isLocked, method: proven })))
  }
  return found
}

async function tellFindings(
  { store }: Engine,
  { account, orderId, caller = systemCaller, now }: OrderCaaWish,
  findings: readonly CaaFinding[],
): Promise<void> {
  await store.write(function* (transaction) {
    transaction.record({
      action: 'caa.checked',
      at: now,
      actor: caller.actor,
      accountId: account.id,
      object: orderId === undefined ? `account:${account.id}` : `order:${orderId}`,
      requestId: caller.requestId,
      detail: { findings: JSON.stringify(findings) },
    })
  })
}
