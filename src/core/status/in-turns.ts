import { setImmediate } from 'node:timers/promises'

/** Runs long work a step at a time and lets requests be served between the steps. */
export async function inTurns<Result>(steps: Generator<unknown, Result>): Promise<Result> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await setImmediate()
  }
}
