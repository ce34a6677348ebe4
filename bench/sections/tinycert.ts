import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { type CreatedAccount, createAccount } from '../../src/core/accounts/create-account.ts'
import { systemCaller } from '../../src/core/audit/caller.ts'
import { httpRequest } from '../../test/support/http.ts'
import { type Scope, temporaryFolder } from '../../test/support/tmp.ts'
import { CleanUp } from '../clean-up.ts'
import { contest } from '../contest.ts'
import { openInstallation } from '../engine/installation.ts'
import { writeFrames } from '../frames.ts'
import { WrkLoad, wrkVersion } from '../load/wrk.ts'
import { type BenchOptions, fewerRounds } from '../options.ts'
import { mebibytes, type Report } from '../report.ts'
import { memoryAtRest, type Served, startServed } from '../server/served.ts'

const passphrase = 'correct horse battery staple'
const formType = 'application/x-www-form-urlencoded'

/** Certificates a second through the TinyCert face: session, signature, key made here, kept under the vault key. */
export async function measureTinycert(options: BenchOptions, report: Report): Promise<void> {
  report.heading('Issuing through the TinyCert API')
  if (wrkVersion() === undefined) return report.absent('cert/new', 'wrk is not installed')
  const scope = new CleanUp()
  try {
    const loads: { served: Served; load: WrkLoad; atRest: number }[] = []
    for (const processes of [1, 2]) {
      const dataFolder = join(temporaryFolder(scope, 'bench-data'), 'data')
      const account = await makeAccount(dataFolder)
      const served = await startServed(scope, dataFolder, processes)
      const bodies = await prepareBodies(scope, served, account, options)
      const load = new WrkLoad({
        url: `${served.http}/api/v1/cert/new.json`,
        contentType: formType,
        bodies,
        connections: options.concurrency,
        seconds: options.seconds,
      })
      loads.push({ served, load, atRest: await memoryAtRest(served, options.restMs) })
    }
    const standings = await contest(
      loads.map(({ served, load }) => ({
        name: served.name,
        processIds: served.processIds,
        measure: () => load.measure(),
      })),
      fewerRounds(options),
    )
    report.contest('cert/new a second, P-256 key made here', standings)
    report.table(
      ['memory', 'at rest', 'after this load'],
      loads.map(({ served, atRest }) => [served.name, mebibytes(atRest), mebibytes(served.memory())]),
    )
  } finally {
    await scope.run()
  }
}

async function makeAccount(dataFolder: string): Promise<CreatedAccount> {
  const installation = await openInstallation({ dataFolder, processName: 'bench' })
  try {
    const settings = { tinycertKey: 'p-256' as const }
    const request = { email: 'bench@bench.example', passphrase, settings }
    return await createAccount(installation.engine, request, systemCaller)
  } finally {
    await installation.close()
  }
}

/** A session, a CA, and signed bodies that ask for certificates with a name of their own each. */
async function prepareBodies(
  scope: Scope,
  { http }: Served,
  { account, tinycertKey }: CreatedAccount,
  options: BenchOptions,
): Promise<string> {
  const call = async (endpoint: string, parameters: Readonly<Record<string, string>>) => {
    const answer = await httpRequest(`${http}/api/v1/${endpoint}.json`, {
      headers: { 'content-type': formType },
      body: signed(parameters, tinycertKey),
    })
    if (answer.status !== 200) throw new Error(`${endpoint}: ${answer.status} ${answer.text}`)
    return new Map(Object.entries(answer.json() ?? {}))
  }
  const token = String((await call('connect', { email: account.email, passphrase })).get('token'))
  const subject = { C: 'JP', O: 'Chancery Bench' }
  const authority = await call('ca/new', { ...subject, hash_method: 'sha256', token })
  const bodies = Array.from({ length: Math.min(options.requests, 10_000) }, (_, number) => {
    const name = `host-${number}.bench.example`
    const parameters = {
      ca_id: String(authority.get('ca_id')),
      ...subject,
      CN: name,
      'SANs[0][DNS]': name,
      token,
    }
    return signed(parameters, tinycertKey)
  })
  const file = join(temporaryFolder(scope, 'bench-bodies'), 'bodies')
  writeFrames(file, bodies)
  return file
}

/** The form with its digest, as clients of the API sign it: over the parameters sorted by name. */
function signed(parameters: Readonly<Record<string, string>>, apiKey: string): Buffer {
  const form = new URLSearchParams(parameters)
  form.sort()
  const digest = createHmac('sha256', apiKey).update(form.toString()).digest('hex')
  return Buffer.from(`${form}&digest=${digest}`)
}
