import type { Configuration } from '../configuration/configuration.ts'
import type { MetricsReport } from '../metrics.ts'
import type { RequestLoop } from '../request-loop.ts'
import { type FromLoop, isMessage, type ToLoop, toLoopTypes } from './messages.ts'
import { ReportExchange } from './report-exchange.ts'

export interface LoopProcessOptions {
  /** Builds everything and listens. `reports` asks the supervisor for the figures of every loop. */
  readonly start: (
    configuration: Configuration,
    processes: number,
    reports: () => Promise<readonly MetricsReport[]>,
  ) => Promise<RequestLoop>
  /** The one line an operator reads for an error of the start. */
  readonly explain: (error: unknown) => string
}

/**
 * The life of a child process that is one request loop: starts when told, stops when told, when it gets
 * SIGTERM itself, or when its supervisor is gone.
 */
export function runLoopProcess({ start, explain }: LoopProcessOptions): void {
  const exchange = new ReportExchange()
  let loop: RequestLoop | undefined
  let stopping = false

  const stop = async () => {
    if (stopping) return
    stopping = true
    const clean = (await loop?.stop()) ?? true
    process.exit(clean ? 0 : 1)
  }
  const begin = async (configuration: Configuration, processes: number) => {
    try {
      loop = await start(configuration, processes, () =>
        exchange.ask(1, (id) => tell({ type: 'reports-wanted', id })),
      )
      tell({ type: 'listening' })
    } catch (error) {
      await told({ type: 'failed', line: explain(error) })
      process.exit(1)
    }
  }

  process.on('message', (message: unknown) => {
    if (!isMessage<ToLoop>(message, toLoopTypes)) return
    switch (message.type) {
      case 'start':
        void begin(message.configuration, message.processes)
        return
      case 'stop':
        void stop()
        return
      case 'report-wanted':
        void loop?.report().then((report) => tell({ type: 'report', id: message.id, report }))
        return
      case 'reports':
        exchange.answer(message.id, ...message.reports)
    }
  })
  process.on('disconnect', () => void stop())
  process.on('SIGTERM', () => void stop())
  // A terminal sends Ctrl-C to every process of the group; the supervisor decides what it means.
  process.on('SIGINT', () => {})
  tell({ type: 'ready-to-start' })
}

function tell(message: FromLoop): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {})
}

function told(message: FromLoop): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || process.send === undefined) resolve()
    else process.send(message, undefined, undefined, () => resolve())
  })
}
