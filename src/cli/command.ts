import { userInfo } from 'node:os'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Caller } from '../core/audit/caller.ts'
import {
  type AccountId,
  type AuthorityId,
  accountId,
  authorityId,
  type CertificateId,
  certificateId,
} from '../core/brand.ts'
import type { Engine } from '../core/engine.ts'
import { createOutput, type Output } from './output.ts'
import type { Installation, Services, SettingFlags, SettingOption } from './services.ts'

/** What a command's work gets. */
export interface Work extends Installation {
  readonly output: Output
  readonly caller: Caller
}

/** Options that commander read for one command, by their camel-cased name. */
export type Options = Readonly<Record<string, unknown>>

/** Adds `--json`. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON object')
}

/** Adds the options that say which store a command works on, and `--json`. */
export function withStore(command: Command, services: Services): Command {
  return withJson(withSettings(command, services.storeOptions))
}

export function withSettings(command: Command, options: readonly SettingOption[]): Command {
  for (const { flag, argument, repeatable, help } of options) {
    const value = argument === undefined ? '' : ` <${argument}>`
    const option = new Option(`--${flag}${value}`, help)
    if (repeatable)
      option.argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text])
    command.addOption(option.helpGroup('Settings:'))
  }
  return command
}

/** The setting options that were given, by flag. */
export function settingFlags(options: Options, known: readonly SettingOption[]): SettingFlags {
  const flags: Record<string, string | boolean | readonly string[]> = {}
  for (const { flag } of known) {
    const value = options[camelCase(flag)]
    if (typeof value === 'string' || typeof value === 'boolean') flags[flag] = value
    else if (Array.isArray(value)) flags[flag] = value.map(String)
  }
  return flags
}

function camelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/**
 * Opens the store for a command, runs its work and closes the store, whatever happened.
 *
 * @param create whether the command may be the first start of an installation
 * @param known the settings among its options
 */
export async function withInstallation(
  services: Services,
  options: Options,
  create: boolean,
  work: (work: Work) => Promise<void>,
  known: readonly SettingOption[] = services.storeOptions,
): Promise<void> {
  const installation = await services.open(settingFlags(options, known), create)
  try {
    await work({ ...installation, output: outputFor(options), caller: operator() })
  } finally {
    await installation.close()
  }
}

export function outputFor(options: Options): Output {
  return createOutput(options.json === true)
}

/** Whoever runs the command, by the name the system knows him by. */
export function operator(): Caller {
  return { actor: { type: 'operator', user: userName() }, requestId: null }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a number that has no name.
    return String(process.getuid?.() ?? 'unknown')
  }
}

/** Parser for the number of an object. @throws InvalidArgumentError */
export function objectNumber(text: string): number {
  if (!/^[1-9][0-9]{0,9}$/.test(text) || Number(text) > 0x7fffffff) {
    throw new InvalidArgumentError('It must be the number of one, as the list shows it.')
  }
  return Number(text)
}

export const parseAccountId = (text: string): AccountId => accountId(objectNumber(text))
export const parseAuthorityId = (text: string): AuthorityId => authorityId(objectNumber(text))
export const parseCertificateId = (text: string): CertificateId => certificateId(objectNumber(text))

/** Parser for a count from 1 to `maximum`. @throws InvalidArgumentError */
export function parseCount(maximum: number): (text: string) => number {
  return (text) => {
    const number = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0
    if (number < 1 || number > maximum)
      throw new InvalidArgumentError(`It must be a number from 1 to ${maximum}.`)
    return number
  }
}

/** The account that commands work for when none is named: the operator's, made at the first start. */
export async function operatorAccount(engine: Engine): Promise<AccountId> {
  const value = await engine.store.read((view) => view.runtime.setting('operator-account'))
  return accountId(Number(value))
}

/** The CA that issues for the command line when none is named. */
export async function operatorAuthority(engine: Engine): Promise<AuthorityId> {
  const value = await engine.store.read((view) => view.runtime.setting('operator-authority'))
  return authorityId(Number(value))
}
