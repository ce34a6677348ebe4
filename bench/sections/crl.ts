import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Scope, temporaryFolder } from '../../test/support/tmp.ts'
import { CleanUp } from '../clean-up.ts'
import { contest } from '../contest.ts'
import { type EngineProcess, startEngine } from '../engine/engine-process.ts'
import { type BenchOptions, fewerRounds } from '../options.ts'
import { mebibytes, type Report, whole } from '../report.ts'

/** Revocations a second, and the CRL of a CA with many revoked certificates. */
export async function measureCrl(options: BenchOptions, report: Report): Promise<void> {
  const scope = new CleanUp()
  try {
    report.heading('Revoking and the CRL')
    const [none, many] = [
      await startFilled(scope, options, 0),
      await startFilled(scope, options, options.crlEntries),
    ]
    await measureRevoking(options, report, none.engine, many.engine)
    // In a process of its own, so that the memory of filling does not count.
    await measureBuilding(report, await startEngine(scope, { dataFolder: many.dataFolder }))
  } finally {
    await scope.run()
  }
}

/** An engine whose CA has so many revoked certificates, and good ones for every round. */
async function startFilled(scope: Scope, options: BenchOptions, revoked: number) {
  const dataFolder = join(temporaryFolder(scope, 'bench-data'), 'data')
  const engine = await startEngine(scope, { dataFolder })
  const { rounds, warmUpRounds } = fewerRounds(options)
  await engine.run({ kind: 'fill', revoked, good: (rounds + warmUpRounds) * options.revocations })
  return { dataFolder, engine }
}

async function measureRevoking(
  options: BenchOptions,
  report: Report,
  none: EngineProcess,
  many: EngineProcess,
): Promise<void> {
  const { crlEntries, revocations, concurrency } = options
  const contestant = (name: string, engine: EngineProcess) => ({
    name,
    processIds: [engine.processId],
    async measure() {
      const { count = 0, seconds = 1 } = await engine.run({ kind: 'revoke', count: revocations, concurrency })
      return { count, seconds }
    },
  })
  const before = `${whole(crlEntries)} revoked before`
  const standings = await contest(
    [contestant('none revoked before', none), contestant(before, many)],
    fewerRounds(options),
  )
  report.contest('revocations a second at the engine', standings, [
    { ours: before, theirs: 'none revoked before', wanted: '≥ 0.9 ×' },
  ])
}

async function measureBuilding(report: Report, engine: EngineProcess): Promise<void> {
  const first = await engine.run({ kind: 'publish-crl' })
  // CRLs are made a second apart at least.
  await delay(1_100)
  const next = await engine.run({ kind: 'publish-crl' })
  report.table(
    ['CRL', 'entries', 'seconds', 'size', 'memory before', 'at most', 'event loop held, ms'],
    [first, next].map((figures, number) => [
      number === 0 ? 'the first' : 'the next, compared with it',
      whole(figures.entries ?? 0),
      (figures.seconds ?? 0).toFixed(2),
      mebibytes(figures.bytes ?? 0),
      mebibytes(figures.memoryBefore ?? 0),
      mebibytes(figures.memoryAtMost ?? 0),
      whole(figures.longestWaitMs ?? 0),
    ]),
  )
}
