import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { createOcspService } from '../core/status/answer-ocsp.ts'
import { renewResponder } from '../core/status/renew-responder.ts'
import { createResponders } from '../core/status/responders.ts'
import type { ServedRoute } from '../faces/docs/pages.ts'
import { type Jobs, startJobs } from '../jobs/jobs.ts'
import { watchClientIssuers } from './client-issuers.ts'
import { type Composition, compose } from './compose.ts'
import { isLoopback } from './configuration/address.ts'
import type { Configuration } from './configuration/configuration.ts'
import { createFaces } from './faces.ts'
import {
  createMutualListener,
  createPlainListener,
  createSecureListener,
  type Face,
  type Listener,
  type ListenerOptions,
} from './http/listener.ts'
import { WorkLimit } from './http/work-limit.ts'
import { createMetrics, type MetricsReport, prometheusText } from './metrics.ts'
import { oneName } from './one-face.ts'
import { clientauthFlag, listenError, metricsFlag } from './ports.ts'
import { overdueCrls } from './readiness-checks.ts'
import { tlsCredentials, watchTlsCredentials } from './tls.ts'

export interface RequestLoopOptions {
  readonly configuration: Configuration
  readonly log: Logger
  /** As in the audit log: `serve-1`. */
  readonly processName: string
  /** How many loops share the listeners. */
  readonly processes: number
  /** The figures of every loop; absent when this is the only one. */
  readonly reports?: () => Promise<readonly MetricsReport[]>
}

/** One event loop that serves every face, with its background work. */
export interface RequestLoop {
  /** This loop's own figures. */
  report(): Promise<MetricsReport>
  /**
   * Stops accepting, lets what has arrived be answered within the time to drain, and closes the store.
   * @returns false when answers had to be cut off
   */
  stop(): Promise<boolean>
}

/**
 * Builds a request loop and listens.
 *
 * @throws what `compose` throws; StartError when a listener cannot be bound. Nothing is left open then.
 */
export async function startRequestLoop(options: RequestLoopOptions): Promise<RequestLoop> {
  const { configuration, log, processName } = options
  let composition: Composition | undefined
  const metrics = createMetrics({
    overdueCrls: async () => (composition === undefined ? 0 : (await overdueCrls(composition.engine)).length),
  })
  composition = await compose(configuration, { log, processName, create: false, onCommit: metrics.committed })
  try {
    return await serveWith(composition, metrics, options)
  } catch (error) {
    await composition.close()
    throw error
  }
}

async function serveWith(
  composition: Composition,
  metrics: ReturnType<typeof createMetrics>,
  options: RequestLoopOptions,
): Promise<RequestLoop> {
  const { configuration, log, processes, reports } = options
  const { engine } = composition
  const ocsp = createOcspService({
    clock: engine.clock,
    log,
    store: engine.store,
    responders: createResponders(engine.store, engine.keyService),
    validityMs: configuration.ocspValidityMs,
    renewResponder: (id) => renewResponder(engine, id),
  })
  const jobs = startJobs(engine, ocsp)
  const routes: ServedRoute[] = []
  const { faces, inspection } = createFaces({
    engine,
    settings: configuration,
    ocsp,
    failingCrls: jobs.failingCrls,
    metrics: async () => prometheusText((await reports?.()) ?? [await metrics.report()]),
    routes,
  })
  const workLimit = new WorkLimit(configuration.requestsInFlight)
  const common = { settings: configuration, log, processes, workLimit, onAnswer: metrics.answered }
  const listeners: Listener[] = []
  const watches: { stop(): void }[] = []
  try {
    // The secure listener has every face, so its routes are the documentation.
    if (configuration.role === 'all') await listenSecurely({ ...common, faces, routes })
    await listenMutually({ ...common, faces: faces.filter(({ name }) => name === oneName) })
    await listenForMetrics({ ...common, faces: inspection })
    await listenPlainly({ ...common, faces: faces.filter((face) => isServedPlainly(face, configuration)) })
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close()))
    await jobs.stop()
    throw error
  }
  return {
    report: () => metrics.report(),
    stop: async () => {
      for (const watch of watches) watch.stop()
      const clean = await drain(listeners, jobs, configuration.drainMs)
      await composition.close()
      return clean
    },
  }

  async function listenPlainly(listenerOptions: ListenerOptions): Promise<void> {
    const listener = createPlainListener(listenerOptions)
    await bind(listener, configuration.listen, '--listen')
  }

  async function listenSecurely(listenerOptions: ListenerOptions): Promise<void> {
    const credentials = await tlsCredentials(engine, configuration)
    const listener = createSecureListener(listenerOptions, credentials)
    await bind(listener, configuration.tlsListen, '--tls-listen')
    watches.push(watchTlsCredentials(engine, configuration, credentials, listener.replaceCredentials))
  }

  /** For whoever logs in with a certificate; the usual port may be another server's, then this one goes without. */
  async function listenMutually(listenerOptions: ListenerOptions): Promise<void> {
    const { clientauthListen, clientauthListenGiven, role } = configuration
    if (clientauthListen === undefined || role === 'status') return
    const credentials = await tlsCredentials(engine, configuration)
    const watch = await watchClientIssuers(engine)
    const listener = createMutualListener(listenerOptions, credentials, watch.issuers)
    watches.push(watch, watchTlsCredentials(engine, configuration, credentials, listener.replaceCredentials))
    try {
      await bind(listener, clientauthListen, clientauthFlag)
    } catch (error) {
      if (clientauthListenGiven) throw error
      log.warn({ err: error }, 'there is no listener for client certificates: its usual port is taken')
    }
  }

  async function listenForMetrics(listenerOptions: ListenerOptions): Promise<void> {
    const { metricsListen } = configuration
    if (metricsListen === undefined) return
    await bind(createPlainListener(listenerOptions), metricsListen, metricsFlag)
  }

  async function bind(listener: Listener, address: Configuration['listen'], flag: string): Promise<void> {
    listeners.push(listener)
    try {
      await listener.listen(address)
    } catch (error) {
      throw listenError(error, address, flag)
    }
  }
}

/** What callers of an API send is secret: beyond this machine it needs TLS, ours or a proxy's. */
function isServedPlainly(face: Face, { listen, trustProxy }: Configuration): boolean {
  return face.exposure === 'status' || isLoopback(listen.host) || trustProxy.length > 0
}

async function drain(listeners: readonly Listener[], jobs: Jobs, drainMs: number): Promise<boolean> {
  const finished = Promise.all([...listeners.map((listener) => listener.close()), jobs.stop()])
  const timeUp = new AbortController()
  const clean = await Promise.race([
    finished.then(() => true),
    delay(drainMs, false, { signal: timeUp.signal }).catch(() => false),
  ])
  timeUp.abort()
  if (!clean) for (const listener of listeners) listener.closeAllConnections()
  return clean
}
