/** What every event tells of its call. No event holds the API key, a query, or a body. */
interface CallFacts {
  readonly method: string
  readonly path: string
  /** `X-DC-TransactionId`, one for all attempts of a call. */
  readonly requestId: string
  /** From 1. */
  readonly attempt: number
}

/** What a call reports as it goes: each attempt, how it ended, and each wait. */
export type CallEvent =
  | (CallFacts & { readonly type: 'attempt' })
  | (CallFacts & {
      readonly type: 'response'
      readonly status: number
      readonly durationMs: number
      /** `RateLimit` header, where the server sends one. */
      readonly rateLimit?: string
    })
  | (CallFacts & {
      readonly type: 'no_response'
      readonly reason: 'connection' | 'timeout'
      readonly durationMs: number
    })
  | (CallFacts & {
      readonly type: 'wait'
      readonly delayMs: number
      /** The delay is the server's wish. */
      readonly isTold: boolean
    })

/** What it throws is ignored: a log must not break a call. */
export type Listener = (event: CallEvent) => void
