import type { Engine } from '../core/engine.ts'

/**
 * Runs work that only one process may do at a time. Nothing happens when another holds the lease; a process that
 * dies loses it after `holdMs`.
 * @returns whether the work was done here
 */
export async function underLease(
  engine: Engine,
  name: string,
  holder: string,
  holdMs: number,
  work: () => Promise<void>,
): Promise<boolean> {
  const now = engine.clock.now()
  const taken = await engine.store.write((transaction) =>
    transaction.runtime.takeLease(name, holder, now, now + holdMs),
  )
  if (!taken) return false
  try {
    await work()
  } finally {
    await release(engine, name, holder)
  }
  return true
}

/** A lease that cannot be given back ends by itself; it must not hide what became of the work. */
async function release(engine: Engine, name: string, holder: string): Promise<void> {
  try {
    await engine.store.write((transaction) => transaction.runtime.releaseLease(name, holder))
  } catch (cause) {
    engine.log.warn({ lease: name, cause }, 'a lease could not be given back and ends by itself')
  }
}
