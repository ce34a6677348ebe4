/**
 * `npm run bench [-- --quick] [-- --only SECTION,…]`: measures this program, and beside it the peers that are
 * installed. Prints Markdown; docs/performance.md says what the figures mean.
 */
import { tmpdir } from 'node:os'
import { temporaryFolder } from '../test/support/tmp.ts'
import { CleanUp } from './clean-up.ts'
import { describeMachine } from './machine.ts'
import { type BenchOptions, readOptions, type SectionName, usage } from './options.ts'
import { Report } from './report.ts'
import { measureCrl } from './sections/crl.ts'
import { measureIssuing } from './sections/issue.ts'
import { measureLists } from './sections/lists.ts'
import { measureOcsp } from './sections/ocsp.ts'
import { measureOne } from './sections/one.ts'
import { measureOrders } from './sections/orders.ts'
import { measureTinycert } from './sections/tinycert.ts'
import { measureSyncLatency } from './sync-latency.ts'

const sections: { readonly [S in SectionName]: (options: BenchOptions, report: Report) => Promise<void> } = {
  issue: measureIssuing,
  orders: measureOrders,
  one: measureOne,
  tinycert: measureTinycert,
  ocsp: measureOcsp,
  crl: measureCrl,
  lists: measureLists,
}

const options = optionsOrExit()
const report = new Report((text) => process.stdout.write(text))
const started = performance.now()
// Without a handler a signal ends the process past every clean-up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
printMachine()
for (const name of options.sections) await sections[name](options, report)
process.stdout.write(`\nMeasured in ${Math.round((performance.now() - started) / 1_000)} s.\n`)
// The shared PostgreSQL of the issuing section ends with the process.
process.exit()

function optionsOrExit(): BenchOptions {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`)
    return process.exit(2)
  }
}

function printMachine(): void {
  const scope = new CleanUp()
  const folder = temporaryFolder(scope, 'bench-sync')
  report.heading('The machine')
  report.table(
    ['what', 'value'],
    describeMachine(tmpdir()).map((row) => [...row]),
  )
  const latency = measureSyncLatency(folder, options.quick ? 10 : 300)
  const inMs = (value: number) => value.toFixed(2)
  report.table(
    ['append of 4 KiB with sync, ms', 'median', 'min', 'max'],
    (['fsync', 'fdatasync'] as const).map((call) => {
      const { median, min, max } = latency[call]
      return [call, inMs(median), inMs(min), inMs(max)]
    }),
  )
  void scope.run()
}
