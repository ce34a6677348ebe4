import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { StartError } from '../start-error.ts'
import { formatListenAddress, isLoopback, isWildcard, type ListenAddress } from './address.ts'
import { type FileValues, readConfigurationFile } from './configuration-file.ts'
import { SettingSyntaxError } from './setting-types.ts'
import { type Setting, type Settings, settings } from './settings.ts'

/** Checked settings with everything filled in that follows from others. Plain data. */
export interface Configuration extends Settings {
  /** Absolute. */
  readonly data: string
  /** Absolute. */
  readonly masterKeyFile: string
  /** Given, or the usual address; undefined when that one turned out to be taken. */
  readonly clientauthListen: ListenAddress | undefined
  /** Whether `clientauthListen` was given by the operator, who then wants it or nothing. */
  readonly clientauthListenGiven: boolean
  /** Given, or that of the HTTP listener. */
  readonly publicUrl: string
  /** Whether `publicUrl` was given by the operator. */
  readonly publicUrlGiven: boolean
}

/** Values of command-line flags, by the flag's name without dashes. */
export type FlagValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Settings from flags, environment, file and defaults, each winning over the next. An empty environment
 * variable counts as not set.
 *
 * @throws StartError in one line, naming where the bad value stands
 */
export function readConfiguration(flags: FlagValues, environment: Environment): Configuration {
  const bare: Sources = { flags, environment, file: undefined }
  const data = resolve(settingValue(settings.data, bare))
  const config = settingValue(settings.config, bare)
  const file = readConfigurationFile(config ?? join(data, 'config.yaml'), config !== undefined)
  return complete({ ...readAll({ flags, environment, file }), data })
}

/** Where values are looked for. */
interface Sources {
  readonly flags: FlagValues
  readonly environment: Environment
  readonly file: FileValues | undefined
}

function readAll(sources: Sources): Settings {
  const table: Readonly<Record<string, Setting<unknown>>> = settings
  const values = Object.entries(table).map(([key, setting]) => [key, settingValue(setting, sources)] as const)
  // Each value is of its own key's type, which a loop over keys cannot tell the compiler.
  return Object.fromEntries<unknown>(values) as Settings
}

/** @throws StartError naming where the bad value stands */
function settingValue<Value>(setting: Setting<Value>, sources: Sources): Value {
  const { texts, source } = find(setting, sources)
  try {
    return setting.type.parse(texts)
  } catch (error) {
    if (!(error instanceof SettingSyntaxError)) throw error
    throw new StartError(`${source} ${error.message}`)
  }
}

function find(
  { flag, environment: variable, file: place, default: standard, type }: Setting<unknown>,
  { flags, environment, file }: Sources,
): { readonly texts: readonly string[]; readonly source: string } {
  const flagValue = flag === undefined ? undefined : flags[flag]
  if (flagValue !== undefined) {
    const texts = typeof flagValue === 'object' ? flagValue : [flagValue === true ? 'on' : String(flagValue)]
    return { texts, source: `--${flag}` }
  }
  const text = variable === undefined ? undefined : environment[variable]
  if (text !== undefined && text !== '') return { texts: split(text, type.list), source: String(variable) }
  const fromFile = place === undefined ? undefined : file?.get(place)
  if (fromFile !== undefined) return { texts: fromFile, source: `"${place}" in the configuration file` }
  return { texts: standard === undefined ? [] : split(standard, type.list), source: 'the default' }
}

function split(text: string, isList: boolean): readonly string[] {
  if (!isList) return [text]
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function complete(given: Settings): Configuration {
  if ((given.tlsCert === undefined) !== (given.tlsKey === undefined)) {
    throw new StartError('--tls-cert and --tls-key belong together: give both or none')
  }
  if (given.crlRenewBeforeMs >= given.crlValidityMs) {
    throw new StartError('"crl.renew-before" must be shorter than "crl.validity"')
  }
  if (given.requestTimeoutMs < given.headerTimeoutMs) {
    throw new StartError('"limits.request-timeout" must not be shorter than "limits.header-timeout"')
  }
  return {
    ...given,
    masterKeyFile: resolve(given.masterKeyFile ?? join(given.data, 'master.key')),
    publicUrl: given.publicUrl ?? httpAddress(given.listen),
    publicUrlGiven: given.publicUrl !== undefined,
    clientauthListen: given.clientauthListen ?? usualClientauthListen,
    clientauthListenGiven: given.clientauthListen !== undefined,
  }
}

const usualClientauthListen: ListenAddress = { host: '127.0.0.1', port: 8444 }

/** The address others reach a listener at: this machine's name where it listens on every address. */
export function httpAddress(listen: ListenAddress, scheme: 'http' | 'https' = 'http'): string {
  const host = isWildcard(listen.host) ? hostname() : listen.host
  const usual = scheme === 'http' ? 80 : 443
  const authority = formatListenAddress({ host, port: listen.port })
  return `${scheme}://${listen.port === usual ? authority.slice(0, authority.lastIndexOf(':')) : authority}`
}

/**
 * The configuration with other listeners, as when port 0 was asked for and a free one was found; the public
 * URL follows when it was not given.
 */
export function withListeners(
  configuration: Configuration,
  listeners: Pick<Configuration, 'listen' | 'tlsListen' | 'clientauthListen' | 'metricsListen'>,
): Configuration {
  const publicUrl = configuration.publicUrlGiven ? configuration.publicUrl : httpAddress(listeners.listen)
  return { ...configuration, ...listeners, publicUrl }
}

/** Whether relying parties elsewhere cannot reach the status services named in certificates. */
export function isPublicUrlLocal({ publicUrl }: Configuration): boolean {
  const { hostname: host } = new URL(publicUrl)
  return isLoopback(host.startsWith('[') ? host.slice(1, -1) : host)
}
