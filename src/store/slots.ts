import { type CompiledQuery, type RawBuilder, sql } from 'kysely'

/** Stands in a query for a value that each run brings along. */
export class Slot {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  of(values: unknown): unknown {
    // What a run brings is an object with the members that its slots are named after.
    return (values as Readonly<Record<string, unknown>>)[this.name]
  }
}

/** The values a query asks for by name, as expressions to build it from. */
export type Given<Values> = { readonly [Name in keyof Values]: RawBuilder<Values[Name]> }

/** An object whose every member is the slot of that name. */
export function slots<Values>(): Given<Values> {
  return new Proxy({} as Given<Values>, {
    get: (_target, name) => sql`${new Slot(String(name))}`,
  })
}

/**
 * A limit that each run brings along. SQLite looks at a bare parameter behind LIMIT while it plans, and plans the
 * statement anew whenever a value is bound to it, which takes longer than most reads.
 */
export function atMost(limit: RawBuilder<number>): RawBuilder<number> {
  return sql`${limit} + 0`
}

const numbered = /\$1\b/

/** Where parameters have numbers, a value that stands in several places is bound and sent once. */
export function withoutRepetition({ sql: text, parameters }: CompiledQuery<unknown>): {
  readonly text: string
  readonly slots: readonly unknown[]
} {
  if (!numbered.test(text)) return { text, slots: parameters }
  const slots: unknown[] = []
  const places = parameters.map((parameter) => {
    const known =
      parameter instanceof Slot
        ? slots.findIndex((slot) => slot instanceof Slot && slot.name === parameter.name)
        : -1
    return known < 0 ? slots.push(parameter) : known + 1
  })
  return { text: text.replace(/\$(\d+)/g, (_all, number) => `$${places[Number(number) - 1]}`), slots }
}
