import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'

/** Longer than the longest look at the names of one order. */
const HOLD_MS = 10 * 60_000
const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 500
const LONGEST_WAIT_MS = 30_000

/** Lets some time pass. */
export type Pause = (milliseconds: number) => Promise<void>

/** `joined`: another process did the work meanwhile; what it found stands in the store. */
export type Run<Result> = { readonly state: 'done'; readonly result: Result } | { readonly state: 'joined' }

/** Runs of this process, by what they are about. */
const running = new WeakMap<Engine['store'], Map<string, Promise<Run<unknown>>>>()

/**
 * Does a piece of work once for all who ask for it while it is done, in this process and in others (case D19). Those
 * of this process share its result.
 *
 * @param name what the work is about; the same name always stands for the same work
 * @param pause undefined: does not wait for another process
 * @throws Fault store_busy when another process takes too long
 */
export function oneRun<Result>(
  engine: Engine,
  name: string,
  work: () => Promise<Result>,
  pause: Pause | undefined,
): Promise<Run<Result>> {
  const own = running.get(engine.store) ?? new Map<string, Promise<Run<unknown>>>()
  running.set(engine.store, own)
  // The name stands for the work, and so for the type of what it gives.
  const present = own.get(name) as Promise<Run<Result>> | undefined
  if (present !== undefined) return present
  const started = underLease(engine, name, work, pause).finally(() => own.delete(name))
  own.set(name, started)
  return started
}

async function underLease<Result>(
  { clock, random, store, log }: Engine,
  name: string,
  work: () => Promise<Result>,
  pause: Pause | undefined,
): Promise<Run<Result>> {
  const holder = Buffer.from(random.bytes(16)).toString('hex')
  const take = () => {
    const now = clock.now()
    return store.write((transaction) => transaction.runtime.takeLease(name, holder, now, now + HOLD_MS))
  }
  const release = () => store.write((transaction) => transaction.runtime.releaseLease(name, holder))
  let waited = 0
  for (let wait = FIRST_PAUSE_MS; !(await take()); wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    if (pause === undefined) return { state: 'joined' }
    if (waited >= LONGEST_WAIT_MS) throw new Fault('store_busy', { retryAfterMs: LONGEST_PAUSE_MS })
    await pause(wait)
    waited += wait
  }
  try {
    return waited > 0 ? { state: 'joined' } : { state: 'done', result: await work() }
  } finally {
    // A lease that cannot be given back ends by itself; it must not hide what became of the work.
    await release().catch((error: unknown) =>
      log.warn({ err: error, lease: name }, 'a lease was not given back'),
    )
  }
}
