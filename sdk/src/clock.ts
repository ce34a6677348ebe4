/** Time as the client needs it, so that tests can bring their own. */
export interface Clock {
  /** Milliseconds since the epoch; may jump when the machine's clock is set. */
  now(): number
  /** Milliseconds since some fixed moment; never goes back. */
  elapsed(): number
  /** Runs `task` once, after `delayMs`. The answer calls it off. */
  schedule(delayMs: number, task: () => void): () => void
}

/** Timers take a longer delay for none at all. */
const longestTimerMs = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  schedule(delayMs, task) {
    const timer = setTimeout(task, Math.min(delayMs, longestTimerMs))
    return () => clearTimeout(timer)
  },
}

/**
 * Resolves after `delayMs`, or at once when the signal is aborted: look at the signal afterwards.
 */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const wake = (): void => {
      callOff()
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    const callOff = clock.schedule(delayMs, wake)
    signal?.addEventListener('abort', wake)
  })
}
