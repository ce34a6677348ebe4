/** Readers of the bodies of successful answers; they throw where a body is not of the kind that a call gives. */

/**
 * A JSON object. Its members are taken to be those of the contract: a server that adds members or leaves out optional
 * ones is no error.
 */
export function object<Result extends object>(text: string): Result {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('not an object')
  return value as Result
}

/** A JSON array; nothing at all (204) is an empty one. */
export function list<Item>(text: string): Item[] {
  if (text === '') return []
  const value: unknown = JSON.parse(text)
  if (!Array.isArray(value)) throw new TypeError('not a list')
  return value
}

/** A body as it is. */
export function text(body: string): string {
  return body
}

/** No body, or one that nobody asked for. */
export function nothing(): undefined {}
