import { type CompiledQuery, type RawBuilder, sql } from 'kysely'

/** Stands in a query for a value that each run brings along. */
export class Slot {
  readonly name: string
  /** Of the row that has it, where a run brings several. */
  readonly place: number | undefined

  constructor(name: string, place?: number) {
    this.name = name
    this.place = place
  }

  of(values: unknown): unknown {
    // What a run brings is an object, or a list of them, with the members that its slots are named after.
    const row = this.place === undefined ? values : (values as readonly unknown[])[this.place]
    return (row as Readonly<Record<string, unknown>>)[this.name]
  }

  isSame({ name, place }: Slot): boolean {
    return this.name === name && this.place === place
  }
}

/** The values a query asks for by name, as expressions to build it from. */
export type Given<Values> = { readonly [Name in keyof Values]: RawBuilder<Values[Name]> }

/**
 * An object whose every member is the slot of that name.
 * @param place of the row that has the members, for a query whose runs bring a list of rows
 */
export function slots<Values>(place?: number): Given<Values> {
  return new Proxy({} as Given<Values>, {
    get: (_target, name) => sql`${new Slot(String(name), place)}`,
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
        ? slots.findIndex((slot) => slot instanceof Slot && slot.isSame(parameter))
        : -1
    return known < 0 ? slots.push(parameter) : known + 1
  })
  return { text: text.replace(/\$(\d+)/g, (_all, number) => `$${places[Number(number) - 1]}`), slots }
}
