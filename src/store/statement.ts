import type { CompiledQuery, Kysely } from 'kysely'
import type { Program, Step } from '../core/store/program.ts'
import type { Schema } from './schema.ts'
import { type Given, Slot, slots, withoutRepetition } from './slots.ts'

/**
 * What a statement gives back: its rows, its first row, how many rows it changed, or the id it inserted. An `addition`
 * gives nothing, and a `number` the next one; both are put off until the transaction ends. Where there are arrays, the
 * text of an addition takes an array for each value, as many rows as were added to. A `later` stores a row, gives nothing
 * either, and is put off until the transaction ends or somebody may read it.
 */
export type ResultKind = 'rows' | 'row' | 'changes' | 'identity' | 'addition' | 'number' | 'later'

/**
 * A read of nobody knows how many rows, which must not hold up what is short. `unpaced`: it may do much before it can
 * be ended for the first time, see the pacing of dialects; `paced`: it can be ended at any time.
 */
export type Duration = 'paced' | 'unpaced'

/** A query under construction that can be compiled. */
export interface Compilable<Row> {
  compile(): CompiledQuery<Row>
}

/** A query compiled for one dialect: SQL text and the order in which values are bound. */
export interface Statement {
  readonly text: string
  /** Short stable name for the engine's own cache of prepared statements. */
  readonly name: string
  readonly kind: ResultKind
  readonly writes: boolean
  readonly mayTakeLong?: Duration
  /** Of a `number`, whose text reads the last one: what keeps another last one, its only value. */
  readonly keeps?: Statement
  /** Of a `later`: the statement that stores so many rows, bound to the values of one after the other. */
  readonly forRows?: (count: number) => Statement
  /** It may read what was put off: rows, or counts and numbers as well. */
  readonly readsDeferred?: 'rows' | 'all'
}

/** A statement with its values: what a program hands to the engine. */
export class BoundStatement implements Step {
  readonly isStep = true
  readonly statement: Statement
  readonly values: readonly unknown[]

  constructor(statement: Statement, values: readonly unknown[]) {
    this.statement = statement
    this.values = values
  }
}

let names = 0

const boundLimit = /\blimit (\?|\$\d+\b)(?! \+|::)/i

/** What a statement is known to do beside giving its result. */
type Marks = Pick<Statement, 'writes' | 'readsDeferred'>

/**
 * A query written once, compiled at its first run, and bound by position ever after: running it builds no
 * query.
 */
class Template<Values, Row> {
  readonly #build: () => Compilable<Row>
  readonly #kind: ResultKind
  readonly #marks: Marks
  #statement: Statement | undefined
  #slots: readonly unknown[] = []

  constructor(build: () => Compilable<Row>, kind: ResultKind, marks: Marks) {
    this.#build = build
    this.#kind = kind
    this.#marks = marks
  }

  bind(values: Values): BoundStatement {
    this.#statement ??= this.#compile()
    const slots = this.#slots
    const bound = new Array<unknown>(slots.length)
    for (let place = 0; place < slots.length; place++) {
      const slot = slots[place]
      bound[place] = slot instanceof Slot ? slot.of(values) : slot
    }
    return new BoundStatement(this.#statement, bound)
  }

  #compile(): Statement {
    const compiled = this.#build().compile()
    if (boundLimit.test(compiled.sql)) throw new TypeError('a bound limit goes through `atMost`')
    const { text, slots } = withoutRepetition(compiled)
    this.#slots = slots
    names += 1
    return { text, name: `chancery_${names}`, kind: this.#kind, ...this.#marks }
  }
}

/** Hands one statement to the engine. The engine answers with what the statement's kind says. */
function* run<Result>(bound: BoundStatement): Program<Result> {
  return (yield bound) as Result
}

/** A query for any number of rows; with `writes` it changes what it returns. */
export class Rows<Values, Row> {
  readonly #template: Template<Values, Row>

  constructor(build: () => Compilable<Row>, marks: Marks) {
    this.#template = new Template(build, 'rows', marks)
  }

  all(values: Values): Program<readonly Row[]> {
    return run(this.#template.bind(values))
  }
}

/** A query for one row at most; with `writes` it changes what it returns. */
export class Row<Values, Result> {
  readonly #template: Template<Values, Result>

  constructor(build: () => Compilable<Result>, marks: Marks) {
    this.#template = new Template(build, 'row', marks)
  }

  first(values: Values): Program<Result | undefined> {
    return run(this.#template.bind(values))
  }
}

/** A statement that changes rows and tells how many. */
export class Change<Values> {
  readonly #template: Template<Values, unknown>

  constructor(build: () => Compilable<unknown>, marks: Marks) {
    this.#template = new Template(build, 'changes', marks)
  }

  run(values: Values): Program<number> {
    return run(this.#template.bind(values))
  }
}

/** An insertion into a table that draws ids; undefined when a conflict clause left the row out. */
export class Insertion<Values> {
  readonly #template: Template<Values, unknown>

  constructor(build: () => Compilable<unknown>) {
    this.#template = new Template(build, 'identity', { writes: true })
  }

  run(values: Values): Program<number | undefined> {
    return run(this.#template.bind(values))
  }
}

/** Adds to a number in a row. What is bound last is how much; all else says which row. */
export class Addition<Values> {
  readonly #template: Template<Values, unknown>

  constructor(build: () => Compilable<unknown>) {
    this.#template = new Template(build, 'addition', { writes: true })
  }

  /** A step that may be handed to the engine any number of times: each time adds. */
  bind(values: Values): BoundStatement {
    return this.#template.bind(values)
  }
}

/**
 * Stores rows that nothing can stand against, many of them by one statement. How many is one of a few numbers, so that
 * the engine can keep the statements.
 */
export class RowsLater {
  readonly #build: (rows: number) => Compilable<unknown>
  readonly #statements = new Map<number, Statement>()
  #statement: Statement | undefined

  /** @param build a query whose parameters are the values of one row after the other */
  constructor(build: (rows: number) => Compilable<unknown>) {
    this.#build = build
  }

  /** @param row its values, in the order of the query */
  bind(row: readonly unknown[]): BoundStatement {
    this.#statement ??= { ...this.#forRows(1), kind: 'later', forRows: (count) => this.#forRows(count) }
    return new BoundStatement(this.#statement, row)
  }

  #forRows(count: number): Statement {
    const known = this.#statements.get(count)
    if (known !== undefined) return known
    const text = this.#build(count).compile().sql
    names += 1
    const made: Statement = { text, name: `chancery_${names}`, kind: 'changes', writes: true }
    this.#statements.set(count, made)
    return made
  }
}

/** Draws numbers one after the other. */
export class Numbering {
  readonly #build: readonly [read: () => Compilable<{ value: number }>, keep: () => Compilable<unknown>]
  #bound: BoundStatement | undefined

  constructor(read: () => Compilable<{ value: number }>, keep: () => Compilable<unknown>) {
    this.#build = [read, keep]
  }

  /** What draws a number: the same step every time. */
  get step(): BoundStatement {
    this.#bound ??= this.#compile()
    return this.#bound
  }

  next(): Program<number> {
    return run(this.step)
  }

  #compile(): BoundStatement {
    const [read, keep] = this.#build.map((build) => build().compile())
    names += 2
    const keeps: Statement = {
      text: keep?.sql ?? '',
      name: `chancery_${names - 1}`,
      kind: 'changes',
      writes: true,
    }
    const statement: Statement = {
      text: read?.sql ?? '',
      name: `chancery_${names}`,
      kind: 'number',
      writes: true,
      keeps,
    }
    return new BoundStatement(statement, read?.parameters ?? [])
  }
}

/** A query that is built for one run. */
export function adHocRows<Row>(query: Compilable<Row>): Program<readonly Row[]> {
  return run(adHoc(query, 'rows'))
}

/** The same for one row at most. */
export function adHocRow<Row>(query: Compilable<Row>): Program<Row | undefined> {
  return run(adHoc(query, 'row'))
}

/** The same for a query that may take long. */
export function longRows<Row>(query: Compilable<Row>, duration: Duration): Program<readonly Row[]> {
  return run(adHoc(query, 'rows', duration))
}

/** The same for one row at most. */
export function longRow<Row>(query: Compilable<Row>, duration: Duration): Program<Row | undefined> {
  return run(adHoc(query, 'row', duration))
}

function adHoc(query: Compilable<unknown>, kind: ResultKind, mayTakeLong?: Duration): BoundStatement {
  const { sql: text, parameters } = query.compile()
  const common = { text, name: '', kind, writes: false, readsDeferred: 'all' } as const
  const statement: Statement = mayTakeLong === undefined ? common : { ...common, mayTakeLong }
  return new BoundStatement(statement, parameters)
}

/** Makes the statements of one dialect from queries over `db`; its members may be taken apart. */
export interface Statements {
  readonly db: Kysely<Schema>
  readonly rows: <Values, Result>(build: (given: Given<Values>) => Compilable<Result>) => Rows<Values, Result>
  readonly row: <Values, Result>(build: (given: Given<Values>) => Compilable<Result>) => Row<Values, Result>
  /** A change that returns the row it changed. */
  readonly changedRow: <Values, Result>(
    build: (given: Given<Values>) => Compilable<Result>,
  ) => Row<Values, Result>
  /** A change that returns the rows it changed. */
  readonly changedRows: <Values, Result>(
    build: (given: Given<Values>) => Compilable<Result>,
  ) => Rows<Values, Result>
  readonly change: <Values>(build: (given: Given<Values>) => Compilable<unknown>) => Change<Values>
  readonly addition: <Values>(build: (given: Given<Values>) => Compilable<unknown>) => Addition<Values>
  readonly numbering: (
    read: () => Compilable<{ value: number }>,
    keep: (given: Given<{ value: number }>) => Compilable<unknown>,
  ) => Numbering
  readonly insertion: <Values>(build: (given: Given<Values>) => Compilable<unknown>) => Insertion<Values>
}

/** @param readsDeferred may the statements, other than those that put off, read what was put off? */
export function statementsOf(db: Kysely<Schema>, readsDeferred?: 'rows'): Statements {
  const reading = readsDeferred === undefined ? {} : { readsDeferred }
  const reads: Marks = { writes: false, ...reading }
  const writes: Marks = { writes: true, ...reading }
  return {
    db,
    rows: (build) => new Rows(() => build(slots()), reads),
    changedRows: (build) => new Rows(() => build(slots()), writes),
    row: (build) => new Row(() => build(slots()), reads),
    changedRow: (build) => new Row(() => build(slots()), writes),
    change: (build) => new Change(() => build(slots()), writes),
    addition: (build) => new Addition(() => build(slots())),
    numbering: (read, keep) => new Numbering(read, () => keep(slots())),
    insertion: (build) => new Insertion(() => build(slots())),
  }
}
