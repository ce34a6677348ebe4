import { setTimeout as delay } from 'node:timers/promises'
import { KeepAliveCaller } from '../load/keep-alive.ts'
import type { BenchOptions } from '../options.ts'
import { whole } from '../report.ts'
import type { Served } from '../server/served.ts'
import { listQueries } from './queries.ts'
import type { SeededAccount } from './seed.ts'

/** Lists of each kind that are not counted. */
const WARM_UP = 3
/** After this no more lists of a kind are read. */
const ENOUGH_MS = 15_000
/** Lists of each kind beside which something else is asked for. */
const BESIDE = 3
/** Time between two requests for something else: together they are no load. */
const PAUSE_MS = 3

export const LIST_COLUMNS = ['rows', 'total', 'median ms', 'p95 ms', 'another answer at most, ms']

/** A row for each kind of list: what it is called, and `LIST_COLUMNS`. */
export async function measureListsOf(
  { http }: Pick<Served, 'http'>,
  account: SeededAccount,
  { orders, lists }: Pick<BenchOptions, 'orders' | 'lists'>,
): Promise<string[][]> {
  const url = `${http}/services/v2/order/certificate`
  const caller = new KeepAliveCaller({ 'x-dc-devkey': account.apiKey })
  const rows: string[][] = []
  for (const [what, queryOf] of Object.entries(listQueries(orders, account))) {
    const read = async (round: number) => {
      const target = `${url}?${queryOf(round)}`
      const answer = await caller.get(target)
      if (answer.status !== 200) throw new Error(`${target}: ${answer.status} ${answer.body}`)
      return answer.body
    }
    const times: number[] = []
    let body: Buffer = Buffer.of()
    const enough = performance.now() + ENOUGH_MS
    for (let round = -WARM_UP; round < lists && performance.now() < enough; round++) {
      const start = performance.now()
      body = await read(round + WARM_UP)
      if (round >= 0) times.push(performance.now() - start)
    }
    times.sort((a, b) => a - b)
    const at = (share: number) => times[Math.floor((times.length - 1) * share)]?.toFixed(1) ?? 'too long'
    const told = JSON.parse(body.toString())
    const beside = await longestBeside(`${http}/healthz`, async () => {
      for (let round = 0; round < BESIDE; round++) await read(round)
    })
    rows.push([what, whole(told.orders.length), whole(told.page.total), at(0.5), at(0.95), beside.toFixed(1)])
  }
  caller.close()
  return rows
}

/** How long a request that costs nothing takes at most while something else is done, ms. */
async function longestBeside(url: string, work: () => Promise<void>): Promise<number> {
  const caller = new KeepAliveCaller({})
  await caller.get(url)
  let isDone = false
  const working = work().finally(() => {
    isDone = true
  })
  let longest = 0
  while (!isDone) {
    const start = performance.now()
    await caller.get(url)
    longest = Math.max(longest, performance.now() - start)
    await delay(PAUSE_MS)
  }
  caller.close()
  await working
  return longest
}
