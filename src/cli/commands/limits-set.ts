import type { Command } from 'commander'
import type { AccountId } from '../../core/brand.ts'
import { readRate } from '../../core/duration-text.ts'
import { changeLimits, type LimitChanges } from '../../core/limits/change-limits.ts'
import { creationLimits, isLimitName, requestLimits } from '../../core/limits/limits.ts'
import type { RateWindow } from '../../core/store/admissions.ts'
import { type Options, parseAccountId, withInstallation, withStore } from '../command.ts'
import { UsageError } from '../command-error.ts'
import { facts } from '../output.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly account: AccountId
  readonly key?: string
}

/** `chancery limits set` */
export function limitsSet(parent: Command, services: Services): void {
  const command = parent
    .command('set')
    .description(
      'give an account, or one of its keys, limits of its own: NAME=NUMBER/DURATION,… or NAME=off, and NAME=default to ' +
        `take them back. Names: ${[...requestLimits, ...creationLimits].join(', ')}`,
    )
    .requiredOption('--account <ID>', 'number of the account', parseAccountId)
    .option('--key <ID>', 'one of its API keys, by the first part of its text')
    .argument('<NAME=VALUE...>', 'such as certcentral=200/5s,5000/3m')
  withStore(command, services).action((given: readonly string[], options: Given) => {
    const changes: LimitChanges = Object.assign({}, ...given.map(readChange))
    return withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const whose = { accountId: options.account, publicId: options.key }
      const { id, settings } = await changeLimits(engine, whose, changes, caller)
      const { limits = {}, keyLimits = {} } = settings
      output.result(
        { account_id: id, limits, key_limits: keyLimits },
        facts([
          ['account', id],
          ['limits', JSON.stringify(limits)],
          ['of keys', JSON.stringify(keyLimits)],
        ]),
      )
    })
  })
}

function readChange(given: string): LimitChanges {
  const [name = '', value = ''] = given.split(/=(.*)/s)
  if (!isLimitName(name)) {
    throw new UsageError(`no limit "${name}"; there are ${[...requestLimits, ...creationLimits].join(', ')}`)
  }
  return { [name]: readWindows(name, value) }
}

function readWindows(name: string, value: string): readonly RateWindow[] | undefined {
  if (value === 'default') return undefined
  if (value === 'off') return []
  return value.split(',').map((text) => {
    const window = readRate(text.trim())
    if (window !== undefined) return window
    throw new UsageError(`"${name}" cannot be "${value}": write 100/5s,1000/3m, off or default`)
  })
}
