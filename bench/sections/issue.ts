import { join } from 'node:path'
import type { KeyKind } from '../../src/pki/key-kinds.ts'
import { createDatabase, postgresMissing } from '../../test/support/postgres.ts'
import { type Scope, temporaryFolder } from '../../test/support/tmp.ts'
import { CleanUp } from '../clean-up.ts'
import { type Contestant, contest } from '../contest.ts'
import { type EngineProcess, startEngine } from '../engine/engine-process.ts'
import type { Task } from '../engine/task.ts'
import { writeFrames } from '../frames.ts'
import { WrkLoad, wrkVersion } from '../load/wrk.ts'
import { type BenchOptions, fewerRounds } from '../options.ts'
import { cfsslSignBody, cfsslVersion, startCfsslServe } from '../peers/cfssl.ts'
import type { Report } from '../report.ts'
import { makeRequests } from '../requests.ts'

const oneProcess = 'engine, SQLite, 1 process'
const twoProcesses = 'engine, SQLite, 2 processes'
const onPostgres = 'engine, PostgreSQL, 1 process'
const cfsslStoring = 'cfssl serve, SQLite'
const cfsslAlone = 'cfssl serve, storing nothing'

/** Certificates a second at the engine's verb, beside `cfssl serve`. */
export async function measureIssuing(options: BenchOptions, report: Report): Promise<void> {
  const scope = new CleanUp()
  try {
    const folder = temporaryFolder(scope, 'bench-requests')
    const requests = await makeRequests(options.requests)
    const requestFile = join(folder, 'requests')
    writeFrames(requestFile, requests)

    report.heading('Issuing at the engine')
    const engines = await startEngines(scope)
    await measureRequests(scope, options, report, engines, { requests, requestFile, folder })
    await measureServerKeys(options, report, engines)
  } finally {
    await scope.run()
  }
}

interface Engines {
  readonly one: readonly EngineProcess[]
  readonly two: readonly EngineProcess[]
  readonly postgres: readonly EngineProcess[]
}

/** One data folder for one process, another for two. */
async function startEngines(scope: Scope): Promise<Engines> {
  const start = async (processes: number, databaseUrl?: string) => {
    const dataFolder = join(temporaryFolder(scope, 'bench-data'), 'data')
    const engines: EngineProcess[] = []
    for (let number = 0; number < processes; number++) {
      engines.push(
        await startEngine(scope, databaseUrl === undefined ? { dataFolder } : { dataFolder, databaseUrl }),
      )
    }
    return engines
  }
  const postgres = postgresMissing === false ? await start(1, await createDatabase(scope)) : []
  return { one: await start(1), two: await start(2), postgres }
}

interface Prepared {
  readonly requests: readonly Uint8Array[]
  readonly requestFile: string
  readonly folder: string
}

async function measureRequests(
  scope: Scope,
  options: BenchOptions,
  report: Report,
  engines: Engines,
  { requests, requestFile, folder }: Prepared,
): Promise<void> {
  const ours = (name: string, processes: readonly EngineProcess[]) =>
    engineContestant(name, processes, options, (from) => ({ requests: requestFile, from }))
  const contestants: Contestant[] = [ours(oneProcess, engines.one), ours(twoProcesses, engines.two)]
  if (engines.postgres.length > 0) contestants.push(ours(onPostgres, engines.postgres))
  else report.absent(onPostgres, String(postgresMissing))

  if (cfsslVersion() === undefined) report.absent('cfssl serve', 'it is not installed')
  else if (wrkVersion() === undefined) report.absent('cfssl serve', 'wrk is not installed')
  else {
    const bodies = join(folder, 'cfssl-bodies')
    writeFrames(bodies, requests.map(cfsslSignBody))
    for (const [name, storing] of [
      [cfsslAlone, false],
      [cfsslStoring, true],
    ] as const) {
      const { url, processIds } = await startCfsslServe(scope, storing)
      const load = new WrkLoad({
        url,
        contentType: 'application/json',
        bodies,
        connections: options.concurrency,
        seconds: options.seconds,
      })
      contestants.push({ name, processIds, measure: () => load.measure() })
    }
  }
  const standings = await contest(contestants, options)
  report.contest('certificates a second, P-256 request', standings, [
    { ours: oneProcess, theirs: cfsslStoring, wanted: '≥ 3 ×' },
    { ours: twoProcesses, theirs: cfsslStoring, wanted: '≥ 3 ×' },
    { ours: oneProcess, theirs: cfsslAlone, wanted: '' },
    { ours: twoProcesses, theirs: cfsslAlone, wanted: '' },
  ])
}

async function measureServerKeys(options: BenchOptions, report: Report, engines: Engines): Promise<void> {
  const kinds: readonly KeyKind[] = ['p-256', 'rsa-2048']
  const contestants = kinds.flatMap((kind) => [
    engineContestant(`key made here, ${kind}, 1 process`, engines.one, options, () => kind),
    engineContestant(`key made here, ${kind}, 2 processes`, engines.two, options, () => kind),
  ])
  report.contest('certificates a second', await contest(contestants, fewerRounds(options)))
}

/** Engines that issue at the same time, the requests in flight shared out among them. */
function engineContestant(
  name: string,
  processes: readonly EngineProcess[],
  options: BenchOptions,
  key: (from: number) => Extract<Task, { kind: 'issue' }>['key'],
): Contestant {
  const places = processes.map((_, number) => Math.floor((number * options.requests) / processes.length))
  const concurrency = Math.max(1, Math.floor(options.concurrency / processes.length))
  return {
    name,
    processIds: processes.map(({ processId }) => processId),
    async measure() {
      const parts = await Promise.all(
        processes.map(async (engine, number) => {
          const from = places[number] ?? 0
          const task = { kind: 'issue' as const, key: key(from), seconds: options.seconds, concurrency }
          const { count = 0, seconds = 1 } = await engine.run(task)
          places[number] = from + count
          return { count, seconds }
        }),
      )
      return {
        count: parts.reduce((sum, { count }) => sum + count, 0),
        seconds: Math.max(...parts.map(({ seconds }) => seconds)),
      }
    },
  }
}
