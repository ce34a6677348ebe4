import { join } from 'node:path'
import { createDatabase, postgresMissing } from '../../test/support/postgres.ts'
import { type Scope, temporaryFolder } from '../../test/support/tmp.ts'
import { CleanUp } from '../clean-up.ts'
import type { Contestant } from '../contest.ts'
import { contest } from '../contest.ts'
import { type EngineProcess, startEngine } from '../engine/engine-process.ts'
import { openInstallation } from '../engine/installation.ts'
import type { Task } from '../engine/task.ts'
import { writeFrames } from '../frames.ts'
import { WrkLoad, wrkVersion } from '../load/wrk.ts'
import type { BenchOptions } from '../options.ts'
import { orderBody } from '../orders/body.ts'
import { makeBuyer } from '../orders/buyer.ts'
import type { Report } from '../report.ts'
import { makeRequests } from '../requests.ts'
import { startServed } from '../server/served.ts'

const kinds = ['SQLite', 'PostgreSQL'] as const

const issued = (kind: string) => `issueCertificate, ${kind}`
const placed = (kind: string) => `placeOrder, ${kind}`
const posted = (kind: string) => `POST of an order, ${kind}`

/** An order takes more code than a certificate alone, which wants to be compiled before it counts. */
const WARM_UP_MORE = 3

/** Private TLS orders that are issued within the call, beside certificates issued at the engine's verb. */
export async function measureOrders(options: BenchOptions, report: Report): Promise<void> {
  report.heading('Ordering private TLS certificates')
  const scope = new CleanUp()
  try {
    const folder = temporaryFolder(scope, 'bench-requests')
    const requests = await makeRequests(Math.min(options.requests, 20_000))
    const requestFile = join(folder, 'requests')
    writeFrames(requestFile, requests)
    for (const kind of kinds) {
      if (kind === 'PostgreSQL' && postgresMissing !== false) {
        report.absent(placed(kind), postgresMissing)
        continue
      }
      const database = async () => (kind === 'PostgreSQL' ? { databaseUrl: await createDatabase(scope) } : {})
      const dataFolder = join(temporaryFolder(scope, 'bench-data'), 'data')
      const engine = await startEngine(scope, { dataFolder, ...(await database()) })
      const common = { requests: requestFile, seconds: options.seconds, concurrency: options.concurrency }
      const contestants = [
        engineContestant(issued(kind), engine, requests.length, (from) => ({
          kind: 'issue',
          key: { requests: requestFile, from },
          seconds: options.seconds,
          concurrency: options.concurrency,
        })),
        engineContestant(placed(kind), engine, requests.length, (from) => ({
          kind: 'order',
          from,
          ...common,
        })),
      ]
      if (wrkVersion() === undefined) report.absent(posted(kind), 'wrk is not installed')
      else {
        contestants.push(await servedContestant(scope, posted(kind), options, requests, await database()))
      }
      const wanted = '≥ 0.7 ×'
      const rounds = { ...options, warmUpRounds: options.warmUpRounds * WARM_UP_MORE }
      report.contest(`certificates a second on ${kind}`, await contest(contestants, rounds), [
        { ours: placed(kind), theirs: issued(kind), wanted },
        { ours: posted(kind), theirs: issued(kind), wanted },
      ])
    }
  } finally {
    await scope.run()
  }
}

function engineContestant(
  name: string,
  engine: EngineProcess,
  requests: number,
  task: (from: number) => Task,
): Contestant {
  let from = 0
  return {
    name,
    processIds: [engine.processId],
    async measure() {
      const { count = 0, seconds = 1 } = await engine.run(task(from))
      from = (from + count) % requests
      return { count, seconds }
    },
  }
}

async function servedContestant(
  scope: Scope,
  name: string,
  options: BenchOptions,
  requests: readonly Uint8Array[],
  database: { readonly databaseUrl?: string },
): Promise<Contestant> {
  const dataFolder = join(temporaryFolder(scope, 'bench-data'), 'data')
  const installation = await openInstallation({ dataFolder, processName: 'bench', ...database })
  const { apiKey, organizationId } = await makeBuyer(installation.engine, 'buyer@bench.example')
  await installation.close()
  const served = await startServed(scope, dataFolder, 1, database.databaseUrl)
  const bodies = join(temporaryFolder(scope, 'bench-bodies'), 'bodies')
  const written = requests.map((csr, number) =>
    Buffer.from(JSON.stringify(orderBody(number, csr, organizationId))),
  )
  writeFrames(bodies, written)
  const load = new WrkLoad({
    url: `${served.http}/services/v2/order/certificate/private_ssl_plus`,
    contentType: 'application/json',
    headers: { 'x-dc-devkey': apiKey },
    bodies,
    connections: options.concurrency,
    seconds: options.seconds,
  })
  return { name, processIds: served.processIds, measure: () => load.measure() }
}
