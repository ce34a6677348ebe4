import type { Command } from 'commander'
import { changeGrants, type GrantChanges } from '../../core/authorities/change-grants.ts'
import type { AuthorityId } from '../../core/brand.ts'
import { parseAddressRange } from '../../core/policy/names/address-ranges.ts'
import { isKeyKind } from '../../pki/key-kinds.ts'
import { authorityView } from '../authority-view.ts'
import { type Options, parseAuthorityId, withInstallation, withStore } from '../command.ts'
import { UsageError } from '../command-error.ts'
import type { Services } from '../services.ts'

/** The change a value asks for; undefined when the grant cannot have it. */
type ReadGrant = (value: string) => GrantChanges | undefined

/** Takes a grant of several values back. */
const none = 'none'
const longestLifetimeDays = 36_500

/** What each grant is called on the command line. */
const grants: ReadonlyMap<string, ReadGrant> = new Map<string, ReadGrant>([
  ['internal-names', (value) => listed(value, isSuffix, (internalNames) => ({ internalNames }))],
  ['private-addresses', (value) => listed(value, isRange, (privateAddresses) => ({ privateAddresses }))],
  [
    'key-kinds',
    (value) =>
      listed(value, isKeyKind, (kinds) => ({
        keyKinds: kinds === undefined ? kinds : kinds.filter(isKeyKind),
      })),
  ],
  ['server-keys', (value) => onOff(value, (serverKeys) => ({ serverKeys }))],
  ['hold', (value) => onOff(value, (hold) => ({ hold }))],
  ['free-common-name', (value) => onOff(value, (freeCommonName) => ({ freeCommonName }))],
  ['underscores', (value) => onOff(value, (underscores) => ({ underscores }))],
  ['leaves', (value) => onOff(value, (leaves) => ({ leaves }))],
  [
    'maximum-days',
    (value) => {
      if (value === none) return { maximumLifetimeDays: undefined }
      const days = /^[1-9][0-9]{0,4}$/.test(value) ? Number(value) : Number.NaN
      return days <= longestLifetimeDays ? { maximumLifetimeDays: days } : undefined
    },
  ],
])

/** `chancery ca set` */
export function authoritySet(parent: Command, services: Services): void {
  const command = parent
    .command('set')
    .description(
      'grant something to a private CA or take it back: internal-names=*|SUFFIX,…|none, private-addresses=*|RANGE,…|none, ' +
        'key-kinds=KIND,…|none, maximum-days=NUMBER|none, and server-keys, hold, free-common-name, underscores, leaves=on|off',
    )
    .argument('<ca>', 'its number', parseAuthorityId)
    .argument('<NAME=VALUE...>', 'what to set')
  withStore(command, services).action((id: AuthorityId, given: readonly string[], options: Options) => {
    const changes: GrantChanges = Object.assign({}, ...given.map(readGrant))
    return withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const { value, text } = authorityView(await changeGrants(engine, id, changes, caller))
      output.result(value, text)
    })
  })
}

function readGrant(given: string): GrantChanges {
  const [name = '', value = ''] = given.split(/=(.*)/s)
  const read = grants.get(name)
  if (read === undefined) {
    throw new UsageError(`no grant "${name}"; there are ${[...grants.keys()].join(', ')}`)
  }
  const change = read(value)
  if (change === undefined) throw new UsageError(`"${name}" cannot be "${value}"`)
  return change
}

function listed(
  value: string,
  isSound: (item: string) => boolean,
  change: (items: readonly string[] | undefined) => GrantChanges,
): GrantChanges | undefined {
  if (value === none) return change(undefined)
  const items = value.split(',').map((item) => item.trim().toLowerCase())
  return items.every(isSound) ? change([...new Set(items)]) : undefined
}

/** One or more labels, or all: `*`. */
function isSuffix(text: string): boolean {
  return text === '*' || (text.length <= 253 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(text))
}

function isRange(text: string): boolean {
  if (text === '*') return true
  try {
    parseAddressRange(text)
    return true
  } catch {
    return false
  }
}

function onOff(value: string, change: (on: boolean) => GrantChanges): GrantChanges | undefined {
  return value === 'on' || value === 'off' ? change(value === 'on') : undefined
}
