import { ChanceryClient, type ClientOptions } from '../client.ts'
import type { CallEvent } from '../events.ts'
import { NotSentError, type Transport, type TransportRequest } from '../transport.ts'
import { FakeClock } from './fake-clock.ts'

/** What a scripted server does with one request. */
export type Step =
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: unknown
    }
  | 'refuse'
  | 'reset'
  | 'hang'
  | 'hang in the body'
  | ((request: TransportRequest) => Step)

export const apiKey = `${'0a'.repeat(13)}_${'5e'.repeat(32)}`

export interface Scripted {
  readonly client: ChanceryClient
  readonly clock: FakeClock
  /** What has been sent, and when. */
  readonly requests: (TransportRequest & { readonly atMs: number })[]
  readonly events: CallEvent[]
}

/**
 * A client before a server that takes one step for each request, the last one again and again. Jitter is half of its
 * range unless `random` is given.
 */
export function scripted(steps: readonly Step[], options: Partial<ClientOptions> = {}): Scripted {
  const clock = new FakeClock()
  const requests: Scripted['requests'] = []
  const events: CallEvent[] = []
  const transport: Transport = async (request) => {
    requests.push({ ...request, atMs: clock.elapsed() })
    let step = steps[Math.min(requests.length, steps.length) - 1]
    while (typeof step === 'function') step = step(request)
    if (step === undefined) throw new Error('no step')
    if (step === 'refuse') throw new NotSentError('refused')
    if (step === 'reset') throw new TypeError('terminated')
    if (step === 'hang') return new Promise<never>(() => {})
    if (step === 'hang in the body') {
      return { status: 200, header: () => null, text: () => new Promise<never>(() => {}) }
    }
    const { status, headers = {}, body } = step
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    return { status, header: (name) => headers[name] ?? null, text: async () => text }
  }
  const client = new ChanceryClient({
    baseUrl: 'https://ca.example',
    apiKey,
    transport,
    clock,
    random: () => 0.5,
    onEvent: (event) => events.push(event),
    ...options,
  })
  return { client, clock, requests, events }
}
