import type { Language } from './faults.ts'

/** One value in every language. */
export type Localised<Value> = Readonly<Record<Language, Value>>

/**
 * Whether the same request can succeed when it is sent again. `fix`: only after the caller changed something.
 * `wait`: as it is, after the time in `Retry-After` or a few seconds. `reconnect`: after a new login.
 * `operator`: after whoever runs this server acted.
 */
export type RetryAdvice = 'fix' | 'wait' | 'reconnect' | 'operator'

/** What the documentation says about one error code, in one language. Plain text, no markup. */
export interface ErrorExplanation {
  /** One sentence: what the code says. */
  readonly meaning: string
  /** The conditions that lead to it here, most frequent first; at least one. */
  readonly causes: readonly string[]
  /** What the caller does about it. */
  readonly fix: string
  /** Whether and when to send the request again. */
  readonly retry: string
}

/** One code of a face. */
export interface ErrorEntry {
  /**
   * As it stands in the answer: `NotFound`, `not_found|order`. Unique in its catalogue; letters, digits, `_`, `-`,
   * `.`, `|` only.
   */
  readonly code: string
  readonly httpStatus: number
  readonly retryAdvice: RetryAdvice
  readonly text: Localised<ErrorExplanation>
}

/**
 * Every error code a face can answer with: the source of `/docs/errors/{face}/{code}` and of
 * `chancery explain`.
 */
export interface ErrorCatalogue {
  /** As it stands in the address of the page: `tinycert`. Lower case, digits and `-`. */
  readonly face: string
  readonly title: Localised<string>
  /** In the order they are shown. */
  readonly entries: readonly ErrorEntry[]
}

/**
 * The entry of a code, letter case ignored, because people type it. What stands after `|` or `:` says what an error
 * is about: unless it has an entry of its own, it is left out.
 */
export function entryOf(catalogue: ErrorCatalogue, code: string): ErrorEntry | undefined {
  const wanted = code.toLowerCase()
  const [family] = wanted.split(/[|:]/, 1)
  return named(catalogue, wanted) ?? named(catalogue, family ?? wanted)
}

function named({ entries }: ErrorCatalogue, code: string): ErrorEntry | undefined {
  return entries.find((entry) => entry.code.toLowerCase() === code)
}
