import type { Clock } from './clock.ts'
import { NotSentError, type Transport, type TransportRequest, type TransportResponse } from './transport.ts'

/** How one attempt ended. */
export type Outcome =
  | {
      readonly kind: 'response'
      readonly status: number
      readonly header: TransportResponse['header']
      readonly text: string
    }
  | { readonly kind: 'connection'; readonly wasSent: 'no' | 'perhaps'; readonly cause: unknown }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted'; readonly cause: unknown }

/**
 * Carries a request once and reads the whole answer, within a time. The time holds even where a transport does not
 * heed its signal; whatever that transport still does is then nobody's concern.
 *
 * @param signal the caller's
 */
export async function attempt(
  transport: Transport,
  request: Omit<TransportRequest, 'signal'>,
  timeoutMs: number,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  if (signal?.aborted) return { kind: 'aborted', cause: signal.reason }
  const controller = new AbortController()
  let stop: (outcome: Outcome) => void = () => {}
  const stopped = new Promise<Outcome>((resolve) => {
    stop = (outcome) => {
      resolve(outcome)
      controller.abort()
    }
  })
  const onAbort = (): void => stop({ kind: 'aborted', cause: signal?.reason })
  signal?.addEventListener('abort', onAbort)
  const callOff = clock.schedule(timeoutMs, () => stop({ kind: 'timeout' }))
  try {
    return await Promise.race([stopped, exchange(transport, { ...request, signal: controller.signal })])
  } finally {
    callOff()
    signal?.removeEventListener('abort', onAbort)
  }
}

/** Never rejects: an attempt that has been stopped leaves this running. */
async function exchange(transport: Transport, request: TransportRequest): Promise<Outcome> {
  try {
    const response = await transport(request)
    const text = await response.text()
    return { kind: 'response', status: response.status, header: (name) => response.header(name), text }
  } catch (cause) {
    return { kind: 'connection', wasSent: cause instanceof NotSentError ? 'no' : 'perhaps', cause }
  }
}
