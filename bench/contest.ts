/** One of those measured side by side. */
export interface Contestant {
  readonly name: string
  /** Measures once; what a second holds, more is better. */
  measure(): Promise<number>
}

/** The figures of one contestant, in order of rounds. */
export interface Standing {
  readonly name: string
  readonly values: readonly number[]
}

/**
 * Lets the contestants run one after the other, A B A B …, so that a machine that is slower for a while is so
 * for all of them. A round that is not counted comes first: it warms up compilers and caches.
 */
export async function contest(contestants: readonly Contestant[], rounds: number): Promise<Standing[]> {
  const values = contestants.map((): number[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [place, contestant] of contestants.entries()) {
      const value = await contestant.measure()
      if (round > 0) values[place]?.push(value)
    }
  }
  return contestants.map(({ name }, place) => ({ name, values: values[place] ?? [] }))
}
