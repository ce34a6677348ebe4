import type { Command } from 'commander'
import type { AccountSettings } from '../../core/accounts/account.ts'
import { changeAccountSettings } from '../../core/accounts/change-account-settings.ts'
import type { AccountId } from '../../core/brand.ts'
import { type Options, parseAccountId, withInstallation, withStore } from '../command.ts'
import { UsageError } from '../command-error.ts'
import { facts } from '../output.ts'
import type { Services } from '../services.ts'

/** The change a value asks for; undefined when the setting cannot have it. */
type ReadSetting = (value: string) => AccountSettings | undefined

/** What each setting is called on the command line. */
const settings: ReadonlyMap<string, ReadSetting> = new Map<string, ReadSetting>([
  [
    'tinycert.key',
    (value) => (value === 'rsa-2048' || value === 'p-256' ? { tinycertKey: value } : undefined),
  ],
  ['tinycert.strict', (value) => onOff(value, (tinycertStrict) => ({ tinycertStrict }))],
  ['sha1', (value) => onOff(value, (sha1) => ({ sha1 }))],
])

/** `chancery account set` */
export function accountSet(parent: Command, services: Services): void {
  const command = parent
    .command('set')
    .description(
      'grant something to an account or take it back: tinycert.key=rsa-2048|p-256, tinycert.strict=on|off, sha1=on|off',
    )
    .argument('<account>', 'its number', parseAccountId)
    .argument('<NAME=VALUE...>', 'what to set')
  withStore(command, services).action((id: AccountId, given: readonly string[], options: Options) => {
    const changes: AccountSettings = Object.assign({}, ...given.map(readSetting))
    return withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const account = await changeAccountSettings(engine, id, changes, caller)
      output.result(
        { account_id: id, settings: account.settings },
        facts([
          ['account', id],
          ['settings', JSON.stringify(account.settings)],
        ]),
      )
    })
  })
}

function readSetting(given: string): AccountSettings {
  const [name = '', value = ''] = given.split(/=(.*)/s)
  const read = settings.get(name)
  if (read === undefined) {
    throw new UsageError(`no setting "${name}"; there are ${[...settings.keys()].join(', ')}`)
  }
  const change = read(value)
  if (change === undefined) throw new UsageError(`"${name}" cannot be "${value}"`)
  return change
}

function onOff(value: string, change: (on: boolean) => AccountSettings): AccountSettings | undefined {
  return value === 'on' || value === 'off' ? change(value === 'on') : undefined
}
