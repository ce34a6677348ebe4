import type { KeyKind } from '../../src/pki/key-kinds.ts'

/** What an engine process is asked to do. */
export type Task =
  /**
   * Issues for so many seconds with so many requests in flight, over the certification requests of a file of
   * frames from the given place on, or over keys made by the engine. Gives `count` and `seconds`.
   */
  | {
      readonly kind: 'issue'
      readonly key: { readonly requests: string; readonly from: number } | KeyKind
      readonly seconds: number
      readonly concurrency: number
    }
  /**
   * Places private TLS orders over the certification requests of a file of frames, for an account of its own, each
   * issued within the call. Gives `count` and `seconds`.
   */
  | {
      readonly kind: 'order'
      readonly requests: string
      readonly from: number
      readonly seconds: number
      readonly concurrency: number
    }
  /** Stores certificates of the CA without signing them, revoked and good ones. Gives `count` and `seconds`. */
  | { readonly kind: 'fill'; readonly revoked: number; readonly good: number }
  /** Revokes good ones through the engine. Gives `count` and `seconds`. */
  | { readonly kind: 'revoke'; readonly count: number; readonly concurrency: number }
  /**
   * Makes the CA's CRL. Gives `seconds`, `entries`, `bytes`, `memoryBefore` and `memoryAtMost` (bytes), and `longestWaitMs`:
   * how long the event loop was held at most.
   */
  | { readonly kind: 'publish-crl' }

export type Figures = Readonly<Record<string, number>>

/** What it answers. */
export type Answer =
  | { readonly done: true; readonly figures: Figures }
  | { readonly done: false; readonly reason: string }
