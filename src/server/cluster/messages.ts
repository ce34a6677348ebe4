import type { Configuration } from '../configuration/configuration.ts'
import type { MetricsReport } from '../metrics.ts'

/** What the supervisor tells a request loop. */
export type ToLoop =
  | { readonly type: 'start'; readonly configuration: Configuration; readonly processes: number }
  | { readonly type: 'stop' }
  /** Asks for this loop's own figures. */
  | { readonly type: 'report-wanted'; readonly id: number }
  /** Answers `reports-wanted`. */
  | { readonly type: 'reports'; readonly id: number; readonly reports: readonly MetricsReport[] }

/** What a request loop tells the supervisor. */
export type FromLoop =
  | { readonly type: 'ready-to-start' }
  | { readonly type: 'listening' }
  /** The loop could not start; one line for the operator. */
  | { readonly type: 'failed'; readonly line: string }
  | { readonly type: 'report'; readonly id: number; readonly report: MetricsReport }
  /** Asks for the figures of every loop. */
  | { readonly type: 'reports-wanted'; readonly id: number }

/**
 * Messages of Node itself and of libraries share the channel; ours are objects with a known `type`. Both ends
 * are the same program, so the rest of a message is not asked about again.
 */
export function isMessage<Message extends ToLoop | FromLoop>(
  value: unknown,
  types: readonly Message['type'][],
): value is Message {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    types.some((type) => type === value.type)
  )
}

export const toLoopTypes: readonly ToLoop['type'][] = ['start', 'stop', 'report-wanted', 'reports']
export const fromLoopTypes: readonly FromLoop['type'][] = [
  'ready-to-start',
  'listening',
  'failed',
  'report',
  'reports-wanted',
]
