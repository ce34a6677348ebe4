/** One entry of a refusal. */
export interface ErrorEntry {
  /** Machine code, such as `invalid_input_field`. */
  readonly code: string
  readonly message: string
  /** The request member at fault. */
  readonly field?: string
}

/** Body of every 4xx and 5xx of Account Manager and Trust Lifecycle Manager; the first entry is repeated at top level. */
export interface ErrorAnswer {
  readonly errors: readonly ErrorEntry[]
  readonly code: string
  readonly message: string
  readonly request_id: string
}

/** Body of every 4xx and 5xx of Private CA: the code at top level is the HTTP status. */
export interface PrivateCaErrorAnswer {
  readonly errors: readonly ErrorEntry[]
  readonly code: number
  readonly message: string
  readonly request_id: string
}
