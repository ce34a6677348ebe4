import type { Program, Step } from '../core/store/program.ts'
import type { Transaction } from '../core/store/store.ts'
import type { Dialect } from './dialect.ts'

/**
 * Steps that go to the engine at once; it answers with what each of them gives, in their order. That spares round trips,
 * and where programs call programs, all steps pass through them as one.
 */
export class StepsTogether implements Step {
  readonly isStep = true
  readonly steps: readonly Step[]

  constructor(steps: readonly Step[]) {
    this.steps = steps
  }
}

/** Hands steps to the engine at once. */
export function* allTogether(steps: readonly Step[]): Program<readonly unknown[]> {
  const answers = yield new StepsTogether(steps)
  if (!Array.isArray(answers)) throw new TypeError('an engine that takes no steps together')
  return answers
}

/** Where each statement is a round trip, two programs take no more of them than the longer one. */
export function runningTogether(dialect: Dialect): Transaction['together'] {
  return dialect.capabilities.pipelines ? sideBySide : oneAfterTheOther
}

function* oneAfterTheOther<First, Second>(
  first: Program<First>,
  second: Program<Second>,
): Program<readonly [First, Second]> {
  return [yield* first, yield* second]
}

function* sideBySide<First, Second>(
  first: Program<First>,
  second: Program<Second>,
): Program<readonly [First, Second]> {
  let one = first.next()
  let other = second.next()
  while (!one.done && !other.done) {
    const answers = yield* allTogether([one.value, other.value])
    one = first.next(answers[0])
    other = second.next(answers[1])
  }
  return [yield* goOn(first, one), yield* goOn(second, other)]
}

function* goOn<Result>(program: Program<Result>, from: IteratorResult<Step, Result>): Program<Result> {
  let turn = from
  while (!turn.done) turn = program.next(yield turn.value)
  return turn.value
}
