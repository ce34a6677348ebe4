import { readFileSync } from 'node:fs'
import { destination, type Logger } from 'pino'
import type { Installation, Services, SettingFlags, SettingOption } from '../cli/services.ts'
import { catalogues } from './catalogues.ts'
import { readConfiguration } from './configuration/configuration.ts'
import { type Setting, type SettingKey, settings } from './configuration/settings.ts'
import { explain } from './explain.ts'
import { exitOnUncaught } from './last-resort.ts'
import { createLog } from './logging.ts'

/** Settings that say which store a command works on and what it writes into certificates. */
const storeSettings: readonly SettingKey[] = [
  'data',
  'config',
  'databaseUrl',
  'masterKeyFile',
  'publicUrl',
  'sandbox',
  'permissions',
]

/** Settings that say how DNS and files of others are read. */
const outsideSettings: readonly SettingKey[] = ['resolvers', 'outboundAllow', 'dcvHttpPort', 'cnameTarget']

/**
 * Everything the command line needs of the program. What a command does not use is not loaded: most commands
 * open no listener, and some not even a store.
 *
 * @param program path of the file that runs it
 */
export function createServices(program: string): Services {
  return {
    version: programVersion(),
    serveOptions: options(Object.keys(settings) as SettingKey[]),
    storeOptions: options(storeSettings),
    outsideOptions: options(outsideSettings),
    catalogues,
    serve: async (flags) => {
      const configuration = readConfiguration(flags, process.env)
      const log = createLog(configuration.logLevel)
      exitOnUncaught(log)
      const { serve } = await import('./serve.ts')
      return serve({ configuration, log, program })
    },
    open,
    backup: async (flags, file, caller) => {
      const { backup } = await import('./store-copies.ts')
      return backup(readConfiguration(flags, process.env), file, caller, commandLog())
    },
    restore: async (flags, file, caller) => {
      const { restore } = await import('./store-copies.ts')
      return restore(readConfiguration(flags, process.env), file, caller, commandLog())
    },
    explain,
  }
}

async function open(flags: SettingFlags, create: boolean): Promise<Installation> {
  const configuration = readConfiguration(flags, process.env)
  const log = commandLog()
  const { compose } = await import('./compose.ts')
  const { ensureOperator } = await import('./first-start.ts')
  const composition = await compose(configuration, {
    log,
    processName: 'command',
    create,
    followsServer: true,
  })
  const { engine, sealer, folder } = composition
  try {
    if (create && (await ensureOperator(engine, folder)) && process.stderr.isTTY) {
      // A mistyped folder would otherwise become an installation that nobody notices.
      process.stderr.write(`chancery: made a new installation in ${folder.path}\n`)
    }
  } catch (error) {
    await composition.close()
    throw error
  }
  return { engine, sealer, data: folder.path, close: () => composition.close() }
}

/** Commands log warnings and errors, to standard error: standard output is their result. */
function commandLog(): Logger {
  return createLog('warn', destination({ fd: 2, sync: true }))
}

function options(keys: readonly SettingKey[]): readonly SettingOption[] {
  return keys.flatMap((key) => {
    const setting: Setting<unknown> = settings[key]
    const { flag, type, bare, help, environment } = setting
    if (flag === undefined) return []
    const shown = setting.defaultShown ?? setting.default ?? 'none'
    return {
      flag,
      argument: bare === true ? undefined : type.shown,
      repeatable: type.list,
      help: `${help} Environment: ${environment}. Default: ${shown.replaceAll('`', '')}.`.replaceAll('`', ''),
    }
  })
}

function programVersion(): string {
  const file = new URL('../../package.json', import.meta.url)
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return typeof content === 'object' && content !== null && 'version' in content
    ? String(content.version)
    : 'unknown'
}
