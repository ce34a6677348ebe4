import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pemEncode } from '../../src/pki/pem.ts'
import { chancery, type RunningServer, startServer } from '../../test/support/process.ts'
import { temporaryFolder } from '../../test/support/tmp.ts'
import { CleanUp } from '../clean-up.ts'
import { contest } from '../contest.ts'
import { writeFrames } from '../frames.ts'
import { readyBurst } from '../load/burst.ts'
import { KeepAliveCaller } from '../load/keep-alive.ts'
import { WrkLoad, wrkVersion } from '../load/wrk.ts'
import { type BenchOptions, fewerRounds } from '../options.ts'
import type { Report } from '../report.ts'
import { makeRequests } from '../requests.ts'
import { ratios, spreadOf } from '../statistics.ts'

/** Ten times what a key may call in five seconds, in that time. */
const burstCalls = 1_000
const burstMs = 5_000
/** Between two calls of the key that is measured. */
const pauseMs = 5

const issuing = 'POST /mpki/api/v1/certificate'

interface Account {
  readonly id: number
  readonly key: string
}

/** Whom a burst goes to, and as whom. */
interface Target {
  readonly url: string
  readonly key: string
}

/** The DigiCert ONE face at one request loop: issuing, and what a burst of one key does to another. */
export async function measureOne(options: BenchOptions, report: Report): Promise<void> {
  report.heading('The DigiCert ONE APIs')
  const scope = new CleanUp()
  try {
    const server = await startServer(scope, { args: ['--clientauth-listen', '127.0.0.1:0'] })
    const quiet = await newAccount(server, 'quiet@bench.example')
    await run(server, ['limits', 'set', 'one=off', '--account', String(quiet.id)])
    if (wrkVersion() === undefined) report.absent(issuing, 'wrk is not installed')
    else await measureIssuing(scope, server, quiet, options, report)
    // A burst keeps the machine busy wherever it goes to: one at another server tells how much that alone slows.
    const other = await startServer(scope, { args: ['--clientauth-listen', '127.0.0.1:0'] })
    const [same, beside] = [await newTarget(server), await newTarget(other)]
    await measureBurst({ url: same.url, key: quiet.key }, { same, beside }, options, report)
  } finally {
    await scope.run()
  }
}

async function measureIssuing(
  scope: CleanUp,
  server: RunningServer,
  account: Account,
  options: BenchOptions,
  report: Report,
): Promise<void> {
  const headers = { 'x-api-key': account.key }
  const caller = new KeepAliveCaller(headers)
  const { body } = await caller.get(`${server.http}/mpki/api/v2/profile`)
  caller.close()
  const [profile] = JSON.parse(body.toString())
  const requests = await makeRequests(Math.min(options.requests, 10_000))
  const bodies = join(temporaryFolder(scope, 'bench-bodies'), 'bodies')
  writeFrames(
    bodies,
    requests.map((csr, number) => {
      const name = `host-${number}.bench.example`
      const content = {
        profile: { id: profile.id },
        seat: { seat_id: name },
        csr: pemEncode('CERTIFICATE REQUEST', csr),
        attributes: { subject: { common_name: name } },
      }
      return Buffer.from(JSON.stringify(content))
    }),
  )
  const load = new WrkLoad({
    url: `${server.http}/mpki/api/v1/certificate`,
    contentType: 'application/json',
    headers,
    bodies,
    connections: options.concurrency,
    seconds: options.seconds,
  })
  const contestant = { name: issuing, processIds: [server.pid], measure: () => load.measure() }
  report.contest('certificates a second on SQLite', await contest([contestant], fewerRounds(options)))
}

/**
 * Rounds without and with a burst in turn, so that a machine that others use too slows both; the same bursts at another
 * server tell what of it is the machine's.
 */
async function measureBurst(
  quiet: Target,
  { same, beside }: { readonly same: Target; readonly beside: Target },
  options: BenchOptions,
  report: Report,
): Promise<void> {
  const share = options.quick ? 0.02 : 1
  const forMs = burstMs * share
  const count = burstCalls * share
  const caller = new KeepAliveCaller({ 'x-api-key': quiet.key })
  const undisturbed = () => slowest(caller, quiet.url, forMs)
  const during = async ({ url, key }: Target, overMs: number) => {
    const send = await readyBurst({ url, headers: { 'x-api-key': key }, count, overMs, connections: 20 })
    const bursting = send()
    const measured = await undisturbed()
    const { passed, refused } = await bursting
    if (passed + refused !== count) throw new Error(`of ${count} calls ${passed} passed, ${refused} refused`)
    return measured
  }
  const alone = condition(undisturbed)
  const spread = condition(() => during(same, forMs))
  const spreadBeside = condition(() => during(beside, forMs))
  const atOnce = condition(() => during(same, 0))
  const atOnceBeside = condition(() => during(beside, 0))
  for (let round = 0; round < options.warmUpRounds + options.rounds; round++) {
    for (const { measure, times } of [alone, spread, spreadBeside, atOnce, atOnceBeside]) {
      const time = await measure()
      if (round >= options.warmUpRounds) times.push(time)
    }
  }
  caller.close()
  const row = (name: string, values: readonly number[], wanted: string, unit = '') => {
    const { median, min, max } = spreadOf(values)
    return [name, ...[median, min, max].map((value) => value.toFixed(2) + unit), wanted]
  }
  report.table(
    ['p99 of one key, ms', 'median', 'min', 'max', 'wanted'],
    [
      row('another key is quiet', alone.times, ''),
      row(`another key calls ${burstCalls} times in ${burstMs / 1_000} s`, spread.times, ''),
      row('that burst : quiet', ratios(spread.times, alone.times), '≤ 1.5 ×', ' ×'),
      row('the same burst at another server : quiet', ratios(spreadBeside.times, alone.times), '', ' ×'),
      row(`another key calls ${burstCalls} times at once, over 20 connections`, atOnce.times, ''),
      row('that burst : quiet', ratios(atOnce.times, alone.times), '≤ 1.5 ×', ' ×'),
      row('the same burst at another server : quiet', ratios(atOnceBeside.times, alone.times), '', ' ×'),
    ],
  )
}

/** What the key is measured under, and its times so far, in milliseconds. */
function condition(measure: () => Promise<number>): {
  readonly measure: () => Promise<number>
  readonly times: number[]
} {
  return { measure, times: [] }
}

/** The time that 99 of 100 calls stay within, in milliseconds. */
async function slowest(caller: KeepAliveCaller, url: string, forMs: number): Promise<number> {
  const times: number[] = []
  for (const end = performance.now() + forMs; performance.now() < end; ) {
    const start = performance.now()
    const { status, body } = await caller.get(url)
    times.push(performance.now() - start)
    if (status !== 200) throw new Error(`the key that is measured was answered ${status}: ${body.toString()}`)
    await delay(pauseMs)
  }
  times.sort((left, right) => left - right)
  return times[Math.min(times.length - 1, Math.floor(times.length * 0.99))] ?? 0
}

async function newTarget(server: RunningServer): Promise<Target> {
  const { key } = await newAccount(server, 'busy@bench.example')
  return { url: `${server.http}/account/api/v1/user/me`, key }
}

async function newAccount(server: RunningServer, email: string): Promise<Account> {
  const { account_id: id, api_key: key } = await run(server, ['account', 'create', '--email', email])
  return { id: Number(id), key: String(key) }
}

async function run(
  { dataFolder }: RunningServer,
  args: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const { status, stdout, stderr } = await chancery([...args, '--json', '--data', dataFolder])
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}
