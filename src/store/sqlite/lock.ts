import { setTimeout as delay } from 'node:timers/promises'
import { StoreUnusable } from '../../core/store/unusable.ts'
import { WRITE_PATIENCE_MS } from '../pending.ts'
import { sqliteTrouble } from './errors.ts'

/**
 * Runs an action again and again while another process holds the lock it needs.
 * @throws StoreUnusable locked, after 5 s
 */
export async function waitingForLock<Result>(action: () => Result): Promise<Result> {
  const deadline = performance.now() + WRITE_PATIENCE_MS
  for (;;) {
    try {
      return action()
    } catch (error) {
      if (sqliteTrouble(error) !== 'busy') throw error
      if (performance.now() > deadline) {
        throw new StoreUnusable('locked', 'the database is locked by another program', { cause: error })
      }
      await delay(10)
    }
  }
}
