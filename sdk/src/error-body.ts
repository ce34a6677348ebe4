/** One entry of what a server found wrong. */
export interface ErrorDetail {
  /** Machine code, such as `invalid_input_field`; a number is kept as its digits. */
  readonly code?: string
  readonly message?: string
  /** The request member at fault. */
  readonly field?: string
}

export interface ErrorBody {
  /** Everything that was named, the first being the one that the server puts first. */
  readonly errors: readonly ErrorDetail[]
  readonly requestId?: string
}

/**
 * Reads the body of a refusal in any of the shapes that DigiCert ONE services and what stands before them send: a
 * list under `errors`, one object under `error` (its code may be called `status`), and bare `code`, `message`,
 * `details`, `request_id`, where the code may be a number. What is not JSON, or says nothing, gives no entry.
 */
export function parseErrorBody(text: string): ErrorBody {
  const body = parseObject(text)
  if (body === undefined) return { errors: [] }
  const requestId = textOf(body.request_id)
  const listed = [body.errors, body.error].flat().flatMap(entryOf)
  const errors = listed.length > 0 ? listed : [...entryOf(body), ...detailsOf(body.details)]
  return { errors, ...(requestId !== undefined && { requestId }) }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function entryOf(value: unknown): ErrorDetail[] {
  if (typeof value === 'string' && value !== '') return [{ message: value }]
  if (!isObject(value)) return []
  const code = textOf(value.code) ?? textOf(value.status)
  const message = textOf(value.message)
  const field = textOf(value.field)
  if (code === undefined && message === undefined) return []
  return [
    {
      ...(code !== undefined && { code }),
      ...(message !== undefined && { message }),
      ...(field !== undefined && { field }),
    },
  ]
}

function detailsOf(value: unknown): ErrorDetail[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((detail) => (typeof detail === 'string' ? [{ message: detail }] : []))
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
