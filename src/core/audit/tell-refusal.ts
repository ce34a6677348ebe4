import type { AccountId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import type { Caller } from './caller.ts'
import type { Event } from './event.ts'

/** A refusal that the audit log has to know of although nothing was changed. */
export interface Refusal {
  readonly action: 'access.refused' | 'key.release-refused' | 'certificate.refused'
  /** The account that asked, which need not be the one that owns `object`; null: the operator. */
  readonly accountId: AccountId | null
  /** Such as `certificate:41`. */
  readonly object: string
  readonly detail: Event['detail']
}

/** Tells a refusal to the audit log; durable when it returns. */
export function tellRefusal(
  engine: Pick<Engine, 'clock' | 'store'>,
  refusal: Refusal,
  caller: Caller,
): Promise<void> {
  return engine.store.write(function* (transaction) {
    transaction.record({
      ...refusal,
      at: engine.clock.now(),
      actor: caller.actor,
      requestId: caller.requestId,
    })
  })
}
