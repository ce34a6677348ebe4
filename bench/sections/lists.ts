import { join } from 'node:path'
import { createDatabase } from '../../test/support/postgres.ts'
import { storeKinds } from '../../test/support/stores.ts'
import { temporaryFolder } from '../../test/support/tmp.ts'
import { CleanUp } from '../clean-up.ts'
import { type SeededAccount, seedOrders } from '../lists/seed.ts'
import { commonNameOf } from '../lists/stored-orders.ts'
import { KeepAliveCaller } from '../load/keep-alive.ts'
import type { BenchOptions } from '../options.ts'
import { type Report, whole } from '../report.ts'
import { startServed } from '../server/served.ts'

/** Lists of each kind that are not counted. */
const WARM_UP = 3
/** After this no more lists of a kind are read. */
const ENOUGH_MS = 15_000

/** Lists of orders of an account with very many, over HTTP: how long a page takes, its total included. */
export async function measureLists(options: BenchOptions, report: Report): Promise<void> {
  report.heading('Lists of orders')
  for (const { name, skip } of storeKinds) {
    if (skip !== false) {
      report.absent(`${name}, ${whole(options.orders)} orders`, skip)
      continue
    }
    const scope = new CleanUp()
    try {
      const dataFolder = join(temporaryFolder(scope, 'bench-data'), 'data')
      const database = name === 'PostgreSQL' ? { databaseUrl: await createDatabase(scope) } : {}
      const place = { dataFolder, processName: 'bench', ...database }
      const start = performance.now()
      const account = await seedOrders({ ...place, email: 'bench@bench.example' }, options.orders)
      const seconds = (performance.now() - start) / 1_000
      const served = await startServed(scope, dataFolder, 1, database.databaseUrl)
      report.table(
        [
          `${name}, ${whole(options.orders)} orders (filled in ${whole(seconds)} s)`,
          'rows',
          'total',
          'median ms',
          'p95 ms',
        ],
        await measureAll(`${served.http}/services/v2/order/certificate`, account, options),
      )
    } finally {
      await scope.run()
    }
  }
}

async function measureAll(
  url: string,
  account: SeededAccount,
  { orders, lists }: BenchOptions,
): Promise<string[][]> {
  const caller = new KeepAliveCaller({ 'x-dc-devkey': account.apiKey })
  const rows: string[][] = []
  for (const [what, queryOf] of Object.entries(queries(orders, account))) {
    const times: number[] = []
    let body: Buffer = Buffer.of()
    const enough = performance.now() + ENOUGH_MS
    for (let round = -WARM_UP; round < lists && performance.now() < enough; round++) {
      const target = `${url}?${queryOf(round + WARM_UP)}`
      const start = performance.now()
      const answer = await caller.get(target)
      if (round >= 0) times.push(performance.now() - start)
      if (answer.status !== 200) throw new Error(`${target}: ${answer.status} ${answer.body}`)
      body = answer.body
    }
    times.sort((a, b) => a - b)
    const at = (share: number) => times[Math.floor((times.length - 1) * share)]?.toFixed(1) ?? 'too long'
    const told = JSON.parse(body.toString())
    rows.push([what, whole(told.orders.length), whole(told.page.total), at(0.5), at(0.95)])
  }
  caller.close()
  return rows
}

/** A query for each round: never twice the same page where that matters. */
function queries(
  orders: number,
  { orderer }: SeededAccount,
): Readonly<Record<string, (round: number) => string>> {
  const deep = (round: number) => Math.max(0, Math.floor(orders * 0.9) - round * 1_013)
  const middle = (round: number) => Math.max(0, Math.floor(orders / 2) - round * 1_013)
  const some = (round: number) => 1 + ((round * 7_919) % orders)
  const from = (ids: readonly number[], round: number) => ids[round % ids.length]
  const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10)
  return {
    'first page, 1,000 rows': () => '',
    'first page, 25 rows': () => 'limit=25',
    'deep page, 1,000 rows': (round) => `offset=${deep(round)}`,
    'deep page, 25 rows': (round) => `offset=${deep(round)}&limit=25`,
    'newest first, deep page': (round) => `sort=-date_created&offset=${deep(round)}&limit=25`,
    'by end of validity, from the middle': (round) => `sort=-valid_till&offset=${middle(round)}&limit=25`,
    issued: () => 'filters[status]=issued&limit=25',
    'issued, 1,000 rows': () => 'filters[status]=issued',
    'issued, deep page': (round) => `filters[status]=issued&offset=${Math.floor(deep(round) * 0.8)}&limit=25`,
    'issued, newest first': () => 'filters[status]=issued&sort=-date_created&limit=25',
    expired: () => 'filters[status]=expired&limit=25',
    renewed: () => 'filters[is_renewed]=true&limit=25',
    'pending or revoked, newest first': () =>
      'filters[status][0]=pending&filters[status][1]=revoked&sort=-date_created&limit=25',
    'one division': (round) => `container_id=${from(orderer.containerIds, round)}&limit=25`,
    'one product': () => 'filters[product_name_id]=ssl_basic&limit=25',
    'common name': (round) => `filters[common_name]=${commonNameOf(some(round))}`,
    'two common names': (round) =>
      `filters[common_name][0]=${commonNameOf(some(round))}&filters[common_name][1]=${commonNameOf(some(round + 1))}`,
    'common name among issued': (round) =>
      `filters[status]=issued&filters[common_name]=${commonNameOf(some(round))}`,
    'part of a common name': (round) => `filters[common_name]=%25ww${some(round)}.sho`,
    'search for a domain that one in a thousand has': (round) =>
      `filters[search]=.shop${100 + (round % 800)}.&limit=25`,
    'organization and month': (round) =>
      `filters[organization_id]=${from(orderer.organizationIds, round)}&filters[date_created]=${day(60)}...${day(30)}&limit=25`,
    'serial number': (round) =>
      `filters[serial_number]=${((orderer.lastOrder + some(round)) * 2_654_435_761).toString(16)}`,
    'a part that every name has': () => 'filters[search]=bench.example&limit=25',
  }
}
