/**
 * What is read from the database is input: whoever can write to it can put anything there. These helpers
 * turn columns into typed values and raise `RowUnreadable` for what none of our writers stored.
 */
export class RowUnreadable extends Error {
  constructor(what: string) {
    super(`stored ${what} is not readable`)
    this.name = 'RowUnreadable'
  }
}

/** The member of a closed set that a text names. */
export function member<Value extends string>(text: string, set: readonly Value[], what: string): Value {
  const found = set.find((value) => value === text)
  if (found === undefined) throw new RowUnreadable(what)
  return found
}

/** A JSON object, without any claim about its members. */
export function jsonObject(text: string, what: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new RowUnreadable(what)
  }
  if (!isObject(value)) throw new RowUnreadable(what)
  return value
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An integer within bounds, both included. */
export function integerWithin(value: unknown, minimum: number, maximum: number, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < minimum || value > maximum) {
    throw new RowUnreadable(what)
  }
  return value
}

/** A list of texts, or undefined when the member is absent. */
export function optionalTexts(value: unknown, what: string): readonly string[] | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw new RowUnreadable(what)
  return value.map((text: unknown) => {
    if (typeof text !== 'string') throw new RowUnreadable(what)
    return text
  })
}

/** A truth value, or undefined when the member is absent. */
export function optionalBoolean(value: unknown, what: string): boolean | undefined {
  if (value !== undefined && typeof value !== 'boolean') throw new RowUnreadable(what)
  return value
}

/** The object without the members that are undefined. */
export function present<Shape extends object>(
  shape: {
    readonly [Name in keyof Shape]: Shape[Name] | undefined
  },
): Shape {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as Shape
}

/** Turns unreadable rows into the fault that callers know for this kind of row. */
export function orFault<Result>(read: () => Result, fault: (cause: RowUnreadable) => Error): Result {
  try {
    return read()
  } catch (error) {
    throw error instanceof RowUnreadable ? fault(error) : error
  }
}
