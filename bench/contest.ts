import { processorSeconds } from './processor-time.ts'

/** What was done in one measurement. */
export interface Measured {
  readonly count: number
  readonly seconds: number
}

/** One of those measured side by side. */
export interface Contestant {
  readonly name: string
  /** The processes whose processor time is its own. */
  readonly processIds: readonly number[]
  measure(): Promise<Measured>
}

/** The figures of one contestant, in order of rounds. */
export interface Standing {
  readonly name: string
  /** So many a second. */
  readonly rates: readonly number[]
  /** Microseconds of processor time for one; empty where the system does not tell. */
  readonly costs: readonly number[]
}

/** How often to measure. */
export interface Rounds {
  /** That count. */
  readonly rounds: number
  /** That come before and do not count: they warm up compilers and caches. */
  readonly warmUpRounds: number
}

/**
 * Lets the contestants run one after the other, A B A B …, so that a machine that is slower for a while is so
 * for all of them.
 */
export async function contest(
  contestants: readonly Contestant[],
  { rounds, warmUpRounds }: Rounds,
): Promise<Standing[]> {
  const entries = contestants.map((contestant) => ({
    contestant,
    rates: [] as number[],
    costs: [] as number[],
  }))
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    for (const { contestant, rates, costs } of entries) {
      const before = processorSeconds(contestant.processIds)
      const { count, seconds } = await contestant.measure()
      const after = processorSeconds(contestant.processIds)
      if (round < warmUpRounds) continue
      rates.push(count / seconds)
      if (before !== undefined && after !== undefined) costs.push(((after - before) * 1e6) / count)
    }
  }
  return entries.map(({ contestant, rates, costs }) => ({ name: contestant.name, rates, costs }))
}
