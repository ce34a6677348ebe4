import type { Instant } from '../brand.ts'
import { firstLook } from '../domains/order-control.ts'
import type { OrderControl } from '../domains/order-control-record.ts'
import type { Engine } from '../engine.ts'

/** Later than any attempt to issue that was begun now is over. */
const FOLLOW_UP_MS = 120_000

/**
 * When the background looks at an order that was approved now: for its proofs, or once, so that a process that ended
 * between the approval and the certificate leaves nothing undone.
 */
export function firstDue(engine: Pick<Engine, 'clock'>, control: OrderControl | null): Instant {
  return firstLook(engine, control) ?? engine.clock.now() + FOLLOW_UP_MS
}
