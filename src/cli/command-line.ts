import { Command, CommanderError } from 'commander'
import { answerTo, isFault } from '../core/faults.ts'
import { CommandError, UsageError } from './command-error.ts'
import { accountCreate } from './commands/account-create.ts'
import { accountDeposit } from './commands/account-deposit.ts'
import { accountList } from './commands/account-list.ts'
import { accountPassphrase } from './commands/account-passphrase.ts'
import { accountSet } from './commands/account-set.ts'
import { accountShow } from './commands/account-show.ts'
import { auditVerify } from './commands/audit-verify.ts'
import { backup } from './commands/backup.ts'
import { authorityClose } from './commands/ca-close.ts'
import { authorityCreate } from './commands/ca-create.ts'
import { authorityList } from './commands/ca-list.ts'
import { authorityRenew } from './commands/ca-renew.ts'
import { authoritySet } from './commands/ca-set.ts'
import { authorityShow } from './commands/ca-show.ts'
import { certificateList } from './commands/cert-list.ts'
import { certificateRevoke } from './commands/cert-revoke.ts'
import { certificateShow } from './commands/cert-show.ts'
import { clock } from './commands/clock.ts'
import { domainValidate } from './commands/domain-validate.ts'
import { explain } from './commands/explain.ts'
import { issue } from './commands/issue.ts'
import { keyCreate } from './commands/key-create.ts'
import { keyList } from './commands/key-list.ts'
import { keyRevoke } from './commands/key-revoke.ts'
import { limits } from './commands/limits.ts'
import { maintenance } from './commands/maintenance.ts'
import { masterKeyRotate } from './commands/master-key-rotate.ts'
import { organizationValidate } from './commands/organization-validate.ts'
import { recover } from './commands/recover.ts'
import { restore } from './commands/restore.ts'
import { serve } from './commands/serve.ts'
import { messages } from './messages.ts'
import { printable } from './output.ts'
import type { Services } from './services.ts'

/** Exit statuses of every command but `serve`, which passes on its own. */
const refused = 1
const wrongUsage = 2

/**
 * Runs one command line.
 *
 * @param args without the names of runtime and program
 * @returns the exit status: 0 done, 1 refused or failed, 2 not a command line of ours
 */
export async function runCommandLine(args: readonly string[], services: Services): Promise<number> {
  const program = new Command('chancery')
    .description('A certificate authority that answers the APIs your tooling already speaks.')
    .version(services.version)
    .showHelpAfterError('(add --help for what can be given)')
    .configureHelp({ showGlobalOptions: false })
    // Options stand behind the command they are of: "limits" and "limits set" have some of the same name.
    .enablePositionalOptions()
    .exitOverride()
  let status = 0
  serve(program, services, (served) => {
    status = served
  })
  issue(program, services)
  const group = (name: string, summary: string) => program.command(name).description(summary)
  const account = group('account', 'tenants: each has its own secrets, CAs and certificates')
  for (const add of [accountCreate, accountList, accountShow, accountSet, accountDeposit, accountPassphrase])
    add(account, services)
  const key = group('key', 'API keys of an account')
  for (const add of [keyCreate, keyList, keyRevoke]) add(key, services)
  const cert = group('cert', 'certificates')
  for (const add of [certificateList, certificateShow, certificateRevoke]) add(cert, services)
  const authority = group('ca', 'certification authorities')
  for (const add of [
    authorityCreate,
    authorityList,
    authorityShow,
    authoritySet,
    authorityRenew,
    authorityClose,
  ])
    add(authority, services)
  organizationValidate(group('organization', 'organizations that certificates name'), services)
  domainValidate(group('domain', 'domains whose control accounts prove'), services)
  limits(program, services)
  maintenance(program, services)
  explain(program, services)
  masterKeyRotate(group('master-key', 'the key that opens every stored private key'), services)
  backup(program, services)
  restore(program, services)
  recover(program, services)
  clock(program, services)
  auditVerify(group('audit', 'the record of what was done'), services)
  try {
    await program.parseAsync(args, { from: 'user' })
    return status
  } catch (error) {
    return failed(error, services)
  }
}

function failed(error: unknown, services: Services): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : wrongUsage
  const line = lineFor(error, services)
  process.stderr.write(`chancery: ${printable(line)}\n`)
  return error instanceof UsageError ? wrongUsage : refused
}

function lineFor(error: unknown, services: Services): string {
  if (isFault(error)) return answerTo(messages, error, 'en')
  if (error instanceof CommandError) return error.message
  const explained = services.explain(error)
  if (explained !== undefined) return explained
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `this should not have happened; please report it with these lines\n${cause}`
}
