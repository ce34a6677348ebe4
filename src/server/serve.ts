import type { Logger } from 'pino'
import type { Engine } from '../core/engine.ts'
import { announcement } from './announcement.ts'
import { Supervisor } from './cluster/supervisor.ts'
import { compose } from './compose.ts'
import { type Configuration, httpAddress, isPublicUrlLocal } from './configuration/configuration.ts'
import type { DataFolder } from './data-folder.ts'
import { ensureOperator } from './first-start.ts'
import { settlePorts } from './ports.ts'
import { startRequestLoop } from './request-loop.ts'
import { tlsCredentials } from './tls.ts'

export interface ServeOptions {
  readonly configuration: Configuration
  readonly log: Logger
  /** What request loops run: the program itself. */
  readonly program: string
}

/** What serves: one loop in this process, or several in children. */
interface Service {
  stop(): Promise<boolean>
  /** Ends at once whatever cannot be waited for. */
  kill(): void
  readonly processIds: () => readonly number[]
}

/**
 * Serves until SIGTERM or SIGINT; a second signal does not wait for the requests in flight.
 *
 * @returns the exit status: 0 when everything in flight was answered
 * @throws what keeps the program from starting
 */
export async function serve({ configuration: given, log, program }: ServeOptions): Promise<number> {
  const signals = listenForSignals(log)
  const configuration = await settlePorts(given)
  const { folder, isFirst } = await prepare(configuration, log)
  const service = await start(configuration, log, program)
  process.stderr.write(announcement(configuration, folder, isFirst))
  log.info(
    {
      http: httpAddress(configuration.listen),
      ...(configuration.role === 'all' ? { https: httpAddress(configuration.tlsListen, 'https') } : {}),
      ...(configuration.role === 'all' && configuration.clientauthListen !== undefined
        ? { clientauth: httpAddress(configuration.clientauthListen, 'https') }
        : {}),
      ...(configuration.metricsListen === undefined
        ? {}
        : { metrics: httpAddress(configuration.metricsListen) }),
      publicUrl: configuration.publicUrl,
      data: configuration.data,
      processes: configuration.processes,
      processIds: service.processIds(),
    },
    'ready',
  )
  if (isPublicUrlLocal(configuration)) {
    log.warn(
      { publicUrl: configuration.publicUrl },
      'the public URL is loopback: nobody else can check revocation',
    )
  }
  await signals.first
  log.info({}, 'stopping')
  signals.onSecond(() => {
    log.warn({}, 'stopped at once by a second signal')
    service.kill()
    process.exit(1)
  })
  const clean = await service.stop()
  log.info({ clean }, 'stopped')
  return clean ? 0 : 1
}

/** Sets up what the request loops share: store, operator, the listener's certificate. */
async function prepare(
  configuration: Configuration,
  log: Logger,
): Promise<{ readonly folder: DataFolder; readonly isFirst: boolean }> {
  const create = configuration.role === 'all'
  const composition = await compose(configuration, { log, processName: 'serve', create })
  try {
    const { engine, folder } = composition
    const isFirst = create && (await ensureOperator(engine, folder))
    if (create) await tlsCredentials(engine, configuration)
    await rememberPublicUrl(engine)
    return { folder, isFirst }
  } finally {
    await composition.close()
  }
}

/** For commands on the same store: what they issue has to name this server. */
async function rememberPublicUrl({ store, settings }: Engine): Promise<void> {
  await store.write(function* ({ runtime }) {
    if ((yield* runtime.setting('public-url')) === settings.publicUrl) return
    yield* runtime.setSetting('public-url', settings.publicUrl)
  })
}

async function start(configuration: Configuration, log: Logger, program: string): Promise<Service> {
  const { processes } = configuration
  if (processes > 1) {
    const supervisor = new Supervisor({ configuration, log, program })
    await supervisor.start()
    return {
      stop: () => supervisor.stop(),
      kill: () => supervisor.kill(),
      processIds: () => supervisor.processIds(),
    }
  }
  const loop = await startRequestLoop({ configuration, log, processName: 'serve-1', processes })
  return { stop: () => loop.stop(), kill: () => {}, processIds: () => [process.pid] }
}

interface Signals {
  readonly first: Promise<void>
  onSecond(act: () => void): void
}

/** From before anything is set up, so that a signal during the start ends it in order, too. */
function listenForSignals(log: Logger): Signals {
  let second: (() => void) | undefined
  const first = new Promise<void>((resolve) => {
    let count = 0
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        log.info({ signal }, 'signal received')
        if (++count === 1) resolve()
        else second?.()
      })
    }
  })
  return {
    first,
    onSecond: (act) => {
      second = act
    },
  }
}
