import { join } from 'node:path'
import { createDatabase } from '../../test/support/postgres.ts'
import { storeKinds } from '../../test/support/stores.ts'
import { temporaryFolder } from '../../test/support/tmp.ts'
import { CleanUp } from '../clean-up.ts'
import { LIST_COLUMNS, measureListsOf } from '../lists/measure.ts'
import { seedOrders } from '../lists/seed.ts'
import type { BenchOptions } from '../options.ts'
import { type Report, whole } from '../report.ts'
import { startServed } from '../server/served.ts'

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
        [`${name}, ${whole(options.orders)} orders (filled in ${whole(seconds)} s)`, ...LIST_COLUMNS],
        await measureListsOf(served, account, options),
      )
    } finally {
      await scope.run()
    }
  }
}
