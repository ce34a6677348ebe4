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
    await engine.store.write((transaction) => transaction.runtime.releaseLease(name, holder))
  }
  return true
}
