import type { Caller } from '../audit/caller.ts'
import { tellRefusal } from '../audit/tell-refusal.ts'
import type { AccountId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { type Fault, type FaultCode, isFault } from '../faults.ts'

/** What somebody wanted of a CA or a certificate, as the audit log tells it when it is refused. */
export interface Wish {
  readonly wish: 'issue' | 'reissue' | 'good' | 'hold' | 'revoked'
  /** The account that asks; null: the operator. */
  readonly accountId: AccountId | null
  /** Such as `authority:3` or `certificate:41`. */
  readonly object: string
}

/**
 * Faults that are no verdict on the wish: the service's condition, which passes, and a caller who comes too often
 * and would otherwise write to the store without limit.
 */
const conditions: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'rate_exceeded',
  'store_busy',
  'store_full',
  'store_failed',
  'overloaded',
  'signing_refused',
  // The reservation that it is about tells what became of it.
  'issuance_uncertain',
])

/** Refusals that the audit log knows of. */
const told = new WeakSet<Fault>()

/** Notes that an event told of this refusal, as the one that ends a reservation does. */
export function noteTold(fault: Fault): void {
  told.add(fault)
}

/** Facts of a fault may quote what the caller sent. */
const LONGEST_FACTS = 500

/**
 * Does what was wished for, and tells the audit log when it is refused. The refusal stands whether it can be told
 * or not.
 * @throws what `act` throws
 */
export async function tellingRefusal<Result>(
  engine: Engine,
  wish: Wish,
  caller: Caller,
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    if (isFault(error) && !conditions.has(error.code) && !told.has(error)) {
      noteTold(error)
      await tell(engine, wish, error, caller)
    }
    throw error
  }
}

async function tell(engine: Engine, wish: Wish, fault: Fault, caller: Caller): Promise<void> {
  // Whom nobody knows may not fill the audit log.
  if (caller.actor.type === 'anonymous') return
  const facts = JSON.stringify(fault.detail).slice(0, LONGEST_FACTS)
  const { accountId, object } = wish
  try {
    await tellRefusal(
      engine,
      {
        action: 'certificate.refused',
        accountId,
        object,
        detail: { wish: wish.wish, fault: fault.code, facts },
      },
      caller,
    )
  } catch (cause) {
    engine.log.error({ object, fault: fault.code, cause }, 'a refusal could not be told to the audit log')
  }
}
