import { setTimeout as pause } from 'node:timers/promises'
import { systemCaller } from '../core/audit/caller.ts'
import type { Engine } from '../core/engine.ts'
import { isFault } from '../core/faults.ts'
import { reissueAutomatically } from '../core/orders/auto-reissue.ts'
import { renewAutomatically } from '../core/orders/auto-renew.ts'
import { mailIssuance } from '../core/orders/mail-issuance.ts'
import { nextFollowUp } from '../core/orders/next-follow-up.ts'
import type { Order } from '../core/orders/order.ts'
import { orders } from '../core/orders/orders.ts'
import type { Job } from './schedule.ts'

const MINUTE_MS = 60_000
const ORDERS_A_PAGE = 100
/** An order whose time has come is tried once in this time, by one process. */
const HOLD_MS = 60 * MINUTE_MS

/**
 * Sends certificates to those who are to be told of them, continues plans, and renews orders whose holders asked for it.
 */
export function followOrdersJob(engine: Engine): Job {
  return {
    name: 'follow-orders',
    everyMs: 10 * MINUTE_MS,
    async run(signal) {
      const now = engine.clock.now()
      for (let after = 0; !signal.aborted; ) {
        const due = await engine.store.read((view) =>
          view.collection(orders).anyBetween('follow_up_at', 0, now, after, ORDERS_A_PAGE),
        )
        for (const order of due) {
          after = order.id
          if (signal.aborted) return
          await follow(engine, order)
        }
        if (due.length < ORDERS_A_PAGE) return
      }
    },
  }
}

/**
 * The lease is not given back: an order that was followed is not due any more, and one that could not be is not tried
 * again before it ends. Its holder is new each time, so that this process waits like every other.
 */
async function follow(engine: Engine, order: Order): Promise<void> {
  const holder = Buffer.from(engine.random.bytes(16)).toString('hex')
  const now = engine.clock.now()
  const isFree = await engine.store.write((transaction) =>
    transaction.runtime.takeLease(`follow-order:${order.id}`, holder, now, now + HOLD_MS),
  )
  if (!isFree) return
  try {
    await act(engine, order)
  } catch (error) {
    const fault = isFault(error) ? error.code : undefined
    engine.log.warn(
      { order: order.id, ...(fault === undefined ? { err: error } : { fault }) },
      'an order could not be followed by itself and is tried again later',
    )
  }
}

function act(engine: Engine, order: Order): Promise<unknown> {
  const { accountId, id } = order
  switch (nextFollowUp(order)?.kind) {
    case 'issuance-mail':
      return mailIssuance(engine, accountId, id)
    case 'reissue':
      return reissueAutomatically(engine, accountId, id, { pause }, systemCaller)
    default:
      return renewAutomatically(engine, accountId, id, { pause }, systemCaller)
  }
}
