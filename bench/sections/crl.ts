import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { temporaryFolder } from '../../test/support/tmp.ts'
import { CleanUp } from '../clean-up.ts'
import { startEngine } from '../engine/engine-process.ts'
import type { BenchOptions } from '../options.ts'
import { mebibytes, type Report, whole } from '../report.ts'

/** Revocations a second, and the CRL of a CA with many revoked certificates. */
export async function measureCrl(options: BenchOptions, report: Report): Promise<void> {
  const scope = new CleanUp()
  try {
    const { crlEntries, revocations, concurrency } = options
    report.heading('Revoking and the CRL')
    const dataFolder = join(temporaryFolder(scope, 'bench-data'), 'data')
    const engine = await startEngine(scope, { dataFolder })
    await engine.run({ kind: 'fill', revoked: 0, good: 2 * revocations })
    const rates = [await revokeSome()]
    await engine.run({ kind: 'fill', revoked: crlEntries, good: 0 })
    rates.push(await revokeSome())
    const [few = 0, many = 0] = rates
    const entries = whole(crlEntries + 2 * revocations)
    report.table(
      ['revoking', 'a second'],
      [
        ['with none revoked before', whole(few)],
        [`with ${whole(crlEntries)} revoked before`, whole(many)],
      ],
    )
    // Lets the memory of filling go before the building is looked at.
    const builder = await startEngine(scope, { dataFolder })
    const first = await builder.run({ kind: 'publish-crl' })
    // CRLs are made a second apart at least.
    await delay(1_100)
    const next = await builder.run({ kind: 'publish-crl' })
    report.table(
      [`CRL, ${entries} entries`, 'seconds', 'size', 'memory before', 'at most', 'event loop held, ms'],
      [first, next].map((figures, number) => [
        number === 0 ? 'the first' : 'the next, compared with the one before',
        (figures.seconds ?? 0).toFixed(2),
        mebibytes(figures.bytes ?? 0),
        mebibytes(figures.memoryBefore ?? 0),
        mebibytes(figures.memoryAtMost ?? 0),
        whole(figures.longestWaitMs ?? 0),
      ]),
    )

    async function revokeSome(): Promise<number> {
      const { count = 0, seconds = 1 } = await engine.run({ kind: 'revoke', count: revocations, concurrency })
      return count / seconds
    }
  } finally {
    await scope.run()
  }
}
