import type { Command } from 'commander'
import type { AccountSettings } from '../../core/accounts/account.ts'
import { changeAccountSettings } from '../../core/accounts/change-account-settings.ts'
import { loadAccount } from '../../core/accounts/load-account.ts'
import type { AccountId } from '../../core/brand.ts'
import { type AccountPolicy, loadPolicy } from '../../core/identity/account-policy.ts'
import { changePolicy, type PolicyChanges } from '../../core/identity/change-policy.ts'
import { ensureTenant } from '../../core/identity/create-tenant.ts'
import { type Options, parseAccountId, type Work, withInstallation, withStore } from '../command.ts'
import { UsageError } from '../command-error.ts'
import { facts } from '../output.ts'
import { policySettingNames, policySettingOf } from '../policy-settings.ts'
import type { Services } from '../services.ts'

/** The change a value asks for; undefined when the setting cannot have it. */
type ReadSetting = (value: string) => AccountSettings | undefined

/** What each grant is called on the command line. */
const settings: ReadonlyMap<string, ReadSetting> = new Map<string, ReadSetting>([
  [
    'tinycert.key',
    (value) => (value === 'rsa-2048' || value === 'p-256' ? { tinycertKey: value } : undefined),
  ],
  ['tinycert.strict', (value) => onOff(value, (tinycertStrict) => ({ tinycertStrict }))],
  ['sha1', (value) => onOff(value, (sha1) => ({ sha1 }))],
])

interface Assignment {
  readonly name: string
  readonly value: string
}

/** `chancery account set` */
export function accountSet(parent: Command, services: Services): void {
  const command = parent
    .command('set')
    .description('grant something to an account or take it back, and say how it orders')
    .argument('<account>', 'its number', parseAccountId)
    .argument('<NAME=VALUE...>', 'what to set')
    .addHelpText('after', `\n${help}`)
  withStore(command, services).action((id: AccountId, given: readonly string[], options: Options) => {
    const assignments = given.map(readAssignment)
    const grants = assignments.filter(({ name }) => settings.has(name))
    const policies = assignments.filter(({ name }) => !settings.has(name))
    const changes: AccountSettings = Object.assign({}, ...grants.map(readGrant))
    return withInstallation(services, options, false, async (work) => {
      const { engine, caller, output } = work
      // Everything is read before anything is changed.
      const policy = policies.length === 0 ? undefined : await policyOf(work, id)
      const wanted = policy && readPolicies(policies, policy)
      if (grants.length > 0) await changeAccountSettings(engine, id, changes, caller)
      if (wanted !== undefined) await changePolicy(engine, id, wanted, caller)
      const account = await engine.store.read((view) => loadAccount(view, engine.sealer, id))
      output.result(
        { account_id: id, settings: account.settings, ...(wanted && { policy: wanted }) },
        facts([
          ['account', id],
          ['settings', JSON.stringify(account.settings)],
          ...(wanted === undefined ? [] : [['ordering', JSON.stringify(wanted)] as const]),
        ]),
      )
    })
  })
}

const help = [
  'tinycert.key=rsa-2048|p-256, tinycert.strict=on|off, sha1=on|off,',
  'approvals=none|one|two, ct=on|off, ct.per-order=on|off, ca.private=on|off, ca.default=on|off,',
  'domains.locking=on|off, domains.protected=NAME,..., caa.required=on|off, products.disabled=PRODUCT,...,',
  'orders.revoked-with-certificate=on|off, orders.end-dates=on|off, subaccounts=on|off,',
  'payment.methods=balance,card,profile,wire_transfer, payment.credit=unlimited|AMOUNT, payment.currency=USD,',
  'price.PRODUCT=AMOUNT (a year)',
].join('\n')

/** An account that was made before anything was ordered in it has no policy yet. */
async function policyOf({ engine, caller }: Work, id: AccountId): Promise<AccountPolicy> {
  const account = await engine.store.read((view) => loadAccount(view, engine.sealer, id))
  return engine.store.write(function* (transaction) {
    yield* ensureTenant(transaction, engine, account, caller)
    return yield* loadPolicy(transaction, id)
  })
}

/** Later ones build on those before: two prices are both kept. */
function readPolicies(assignments: readonly Assignment[], policy: AccountPolicy): PolicyChanges {
  const changes: { -readonly [Name in keyof PolicyChanges]: PolicyChanges[Name] } = {}
  for (const { name, value } of assignments) {
    const change = policySettingOf(name)?.(value, { ...policy, ...changes })
    if (change === undefined) throw new UsageError(`"${name}" cannot be "${value}"`)
    Object.assign(changes, change)
  }
  return changes
}

function readAssignment(given: string): Assignment {
  const [name = '', value = ''] = given.split(/=(.*)/s)
  if (!settings.has(name) && policySettingOf(name) === undefined) {
    const names = [...settings.keys(), ...policySettingNames]
    throw new UsageError(`no setting "${name}"; there are ${names.join(', ')}`)
  }
  return { name, value }
}

function readGrant({ name, value }: Assignment): AccountSettings {
  const change = settings.get(name)?.(value)
  if (change === undefined) throw new UsageError(`"${name}" cannot be "${value}"`)
  return change
}

function onOff(value: string, change: (on: boolean) => AccountSettings): AccountSettings | undefined {
  return value === 'on' || value === 'off' ? change(value === 'on') : undefined
}
