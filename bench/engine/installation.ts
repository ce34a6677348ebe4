import { type AccountId, type AuthorityId, accountId, authorityId } from '../../src/core/brand.ts'
import type { Engine } from '../../src/core/engine.ts'
import { compose } from '../../src/server/compose.ts'
import { readConfiguration } from '../../src/server/configuration/configuration.ts'
import { ensureOperator } from '../../src/server/first-start.ts'

/** An engine over a data folder, as `serve` has it, without listeners and jobs. */
export interface Installation {
  readonly engine: Engine
  /** The operator's account and its issuing CA: P-256, granted keys made here. */
  readonly accountId: AccountId
  readonly authorityId: AuthorityId
  close(): Promise<void>
}

export interface InstallationOptions {
  readonly dataFolder: string
  readonly databaseUrl?: string
  readonly processName: string
}

const quiet = { info() {}, warn: report, error: report }

/** Opens an installation and makes it when there is none. */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const { dataFolder, databaseUrl, processName } = options
  const flags = { data: dataFolder, 'public-url': 'http://ca.bench.example' }
  const configuration = readConfiguration(
    databaseUrl === undefined ? flags : { ...flags, 'database-url': databaseUrl },
    {},
  )
  const { engine, folder, close } = await compose(configuration, { log: quiet, processName, create: true })
  await ensureOperator(engine, folder)
  const { account, authority } = await engine.store.read(function* (view) {
    return {
      account: yield* view.runtime.setting('operator-account'),
      authority: yield* view.runtime.setting('operator-authority'),
    }
  })
  return {
    engine,
    accountId: accountId(Number(account)),
    authorityId: authorityId(Number(authority)),
    close,
  }
}

function report(facts: Readonly<Record<string, unknown>>, message: string): void {
  process.stderr.write(`${message}: ${Object.values(facts).map(String).join(' ')}\n`)
}
