import { setTimeout as pause } from 'node:timers/promises'
import { callerOf, identify, type Principal } from '../../src/core/identity/principal.ts'
import type { OrderWish } from '../../src/core/orders/order-wish.ts'
import { placeOrder } from '../../src/core/orders/place-order.ts'
import { productOf } from '../../src/core/products/catalogue.ts'
import { readOrder } from '../../src/faces/certcentral/orders/order-body.ts'
import { Reader } from '../../src/faces/certcentral/reader.ts'
import { readFrames } from '../frames.ts'
import { orderBody } from '../orders/body.ts'
import { makeBuyer } from '../orders/buyer.ts'
import type { Installation } from './installation.ts'
import type { Figures, Task } from './task.ts'

type Ordering = Extract<Task, { kind: 'order' }>

interface Prepared {
  readonly principal: Principal
  readonly wishes: readonly OrderWish[]
}

/** What was made ready so far, by the file of requests; a round must not begin with it. */
const prepared = new Map<string, Prepared>()

/** Nobody asks for the same order twice. */
const binding = { *bind() {} }

/** Places private TLS orders that are issued at once, for as long as the task says. */
export async function orderFor({ engine }: Installation, task: Ordering): Promise<Figures> {
  const { principal, wishes } = prepared.get(task.requests) ?? (await prepare(engine, task))
  const caller = callerOf(principal, 'bench')
  let at = task.from
  let count = 0
  const start = performance.now()
  const end = start + task.seconds * 1_000
  const keepOrdering = async () => {
    while (performance.now() < end) {
      const wish = wishes[at++ % wishes.length]
      if (wish === undefined) throw new RangeError('no certification requests')
      const { chain } = await placeOrder(engine, principal, wish, { binding, pause }, caller)
      if (chain === undefined) throw new Error('an order was not issued at once')
      count += 1
    }
  }
  await Promise.all(Array.from({ length: task.concurrency }, keepOrdering))
  return { count, seconds: (performance.now() - start) / 1_000 }
}

async function prepare(engine: Installation['engine'], { requests, from }: Ordering): Promise<Prepared> {
  const { apiKey, organizationId } = await makeBuyer(engine, `buyer-${from}@bench.example`)
  const product = productOf('private_ssl_plus')
  const made = {
    principal: await identify(engine, apiKey, 'bench'),
    wishes: readFrames(requests).map((csr, number) =>
      readOrder(new Reader(orderBody(number, csr, organizationId)), product),
    ),
  }
  prepared.set(requests, made)
  return made
}
