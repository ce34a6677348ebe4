import type { Selectable } from 'kysely'
import type { AccountRecord, AccountSettings, PassphraseParameters } from '../../core/accounts/account.ts'
import { passphraseBounds } from '../../core/accounts/passphrase-bounds.ts'
import { Fault } from '../../core/faults.ts'
import { isLimitName, type LimitOverrides, MOST_KEYS, MOST_WINDOWS } from '../../core/limits/limits.ts'
import type { RateWindow } from '../../core/store/admissions.ts'
import {
  integerWithin,
  jsonObject,
  member,
  optionalBoolean,
  orFault,
  present,
  RowUnreadable,
} from '../read-back.ts'
import type { AccountTable } from '../schema.ts'

const STATES: readonly AccountRecord['status'][] = ['active', 'disabled']
const TINYCERT_KEYS: readonly NonNullable<AccountSettings['tinycertKey']>[] = ['rsa-2048', 'p-256']

/**
 * The record of a row, or undefined for no row.
 * @throws Fault account_corrupt
 */
export function readAccount(row: Selectable<AccountTable>): AccountRecord
export function readAccount(row: Selectable<AccountTable> | undefined): AccountRecord | undefined
export function readAccount(row: Selectable<AccountTable> | undefined): AccountRecord | undefined {
  if (row === undefined) return undefined
  return orFault(
    () => ({
      id: row.id,
      email: row.email,
      name: row.name,
      status: member(row.status, STATES, 'account status'),
      settings: readSettings(row.settings),
      passphraseParameters: readStretching(row.passphrase_parameters),
      vaultKeySealed: row.vault_key_sealed,
      tinycertKeySealed: row.tinycert_key_sealed,
      createdAt: row.created_at,
      integrity: row.integrity,
    }),
    (cause) => new Fault('account_corrupt', {}, { cause }),
  )
}

export function settingsText(settings: AccountSettings): string {
  return JSON.stringify(settings)
}

export function stretchingText({ salt, ...parameters }: PassphraseParameters): string {
  return JSON.stringify({ ...parameters, salt: Buffer.from(salt).toString('base64') })
}

function readSettings(text: string): AccountSettings {
  const settings = jsonObject(text, 'account settings')
  return present<AccountSettings>({
    tinycertKey:
      settings.tinycertKey === undefined
        ? undefined
        : member(String(settings.tinycertKey), TINYCERT_KEYS, 'account settings'),
    sha1: optionalBoolean(settings.sha1, 'account settings'),
    tinycertStrict: optionalBoolean(settings.tinycertStrict, 'account settings'),
    limits: settings.limits === undefined ? undefined : readOverrides(settings.limits),
    keyLimits: settings.keyLimits === undefined ? undefined : readKeyLimits(settings.keyLimits),
  })
}

function readKeyLimits(value: unknown): Readonly<Record<string, LimitOverrides>> {
  const entries = entriesOf(value, MOST_KEYS)
  return Object.fromEntries(entries.map(([publicId, overrides]) => [publicId, readOverrides(overrides)]))
}

function readOverrides(value: unknown): LimitOverrides {
  const entries = entriesOf(value, Number.MAX_SAFE_INTEGER).map(([name, windows]) => {
    if (!isLimitName(name) || !Array.isArray(windows) || windows.length > MOST_WINDOWS) {
      throw new RowUnreadable(limitsWhat)
    }
    return [name, windows.map(readWindow)] as const
  })
  return Object.fromEntries(entries)
}

function readWindow(value: unknown): RateWindow {
  const { limit, windowMs } = Object.fromEntries(entriesOf(value, 2))
  return {
    limit: integerWithin(limit, 1, 100_000, limitsWhat),
    windowMs: integerWithin(windowMs, 1, 31 * 86_400_000, limitsWhat),
  }
}

const limitsWhat = 'account limits'

function entriesOf(value: unknown, most: number): readonly (readonly [string, unknown])[] {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : undefined
  if (entries === undefined || Array.isArray(value) || entries.length > most)
    throw new RowUnreadable(limitsWhat)
  return entries
}

function readStretching(text: string): PassphraseParameters {
  const what = 'passphrase parameters'
  const parameters = jsonObject(text, what)
  const salt = parameters.salt
  if (parameters.algorithm !== 'argon2id' || typeof salt !== 'string') throw new RowUnreadable(what)
  const saltOctets = new Uint8Array(Buffer.from(salt, 'base64'))
  const within = (value: unknown, { least, most }: { readonly least: number; readonly most: number }) =>
    integerWithin(value, least, most, what)
  within(saltOctets.length, passphraseBounds.saltLength)
  return {
    algorithm: 'argon2id',
    memoryKiB: within(parameters.memoryKiB, passphraseBounds.memoryKiB),
    passes: within(parameters.passes, passphraseBounds.passes),
    lanes: within(parameters.lanes, passphraseBounds.lanes),
    salt: saltOctets,
  }
}
