/**
 * Issues in the folder given until a write fails, because this process may not write files as large as that, and
 * tells what followed. Run under `ulimit -f`.
 */
import { issueCertificate } from '../../src/core/certificates/issue.ts'
import { isFault } from '../../src/core/faults.ts'
import { publishCrl } from '../../src/core/status/publish-crl.ts'
import { readinessChecks } from '../../src/server/readiness-checks.ts'
import { digestOf } from '../crash/journal.ts'
import { openEngine, testAccount, testRequest } from '../support/engine.ts'
import { testCaller } from '../support/installation.ts'
import { withSigner } from './faults-support.ts'

/** What the parent compares with what it finds afterwards. */
export interface WriteLimitReport {
  readonly accountId: number
  readonly acknowledged: readonly { readonly id: number; readonly sha256: string }[]
  /** Codes of the faults of acts after the failure, in their order. */
  readonly refused: readonly string[]
  /** Signatures made after the failing act had been refused. */
  readonly signedAfterwards: number
  readonly healthy: boolean
  readonly storage: string | undefined
}

const MOST = 5_000

const [folder = ''] = process.argv.slice(2)
const opened = await openEngine({ folder })
const own = await testAccount(opened)
let signings = 0
const engine = withSigner(opened, () => signings++)
const csr = await testRequest()
const acknowledged: { id: number; sha256: string }[] = []

async function issue(): Promise<void> {
  const issued = await issueCertificate(
    engine,
    {
      accountId: own.account.id,
      authorityId: own.issuing.id,
      origin: 'command-line',
      key: { from: 'request', csr },
      names: [{ type: 'dns', value: 'host.internal', parameter: 'name' }],
      subject: [],
    },
    testCaller,
  )
  acknowledged.push({ id: issued.id, sha256: digestOf(issued.certificateDer) })
}

async function refusalOf(act: () => Promise<unknown>): Promise<string> {
  try {
    await act()
    return 'none'
  } catch (error) {
    return isFault(error) ? error.code : String(error)
  }
}

let first = 'none'
while (first === 'none' && acknowledged.length < MOST) first = await refusalOf(issue)
const before = signings
const refused = [first, await refusalOf(issue), await refusalOf(issue)]
const signedAfterwards = signings - before
refused.push(await refusalOf(() => publishCrl(engine, own.issuing.id)))
const [storage] = readinessChecks(engine, new Map())
const report: WriteLimitReport = {
  accountId: own.account.id,
  acknowledged,
  refused,
  signedAfterwards,
  healthy: engine.store.healthy(),
  storage: (await storage?.run())?.status,
}
process.stdout.write(JSON.stringify(report), () => {
  // The store cannot be closed in order.
  process.exit(0)
})
