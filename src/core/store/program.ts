/**
 * How the core speaks to a store without knowing whether it answers at once or later.
 *
 * A program is a generator: it hands one statement after the other to the engine by `yield*` and gets each
 * result as a value. SQLite drives it in one go without a promise; PostgreSQL awaits between the steps. A
 * write program may be run again from its start when the transaction it shared with others is rolled back,
 * so it must not change anything but the transaction. An error of the engine ends the program: it is not
 * thrown into it, because the transaction is lost with it.
 */

/** One statement on its way to the engine, or several at once; made and understood by the store only. */
export interface Step {
  readonly isStep: true
}

export type Program<Result> = Generator<Step, Result, unknown>
