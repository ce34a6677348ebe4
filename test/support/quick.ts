import assert from 'node:assert/strict'

/** So many runs that whatever else the machine does has not hit each of them. */
const RUNS = 10

/** Fails when none of ten runs takes less than so many milliseconds; what a run throws is thrown. */
export async function takesLessThan(milliseconds: number, act: () => unknown, what?: string): Promise<void> {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < RUNS && best >= milliseconds; run++) {
    const start = performance.now()
    await act()
    best = Math.min(best, performance.now() - start)
  }
  assert.ok(best < milliseconds, `${what === undefined ? '' : `${what}: `}${best} ms at best`)
}
