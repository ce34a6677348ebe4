import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../core/environment.ts'

/** A piece of background work. May run twice, on several processes; awaits all it starts. */
export interface Job {
  readonly name: string
  /** Pause between the end of one run and the start of the next. */
  readonly everyMs: number
  run(signal: AbortSignal): Promise<void>
}

/** Running jobs. */
export interface Schedule {
  /** Lets running work end, starts no more. */
  stop(): Promise<void>
}

/** Runs every job again and again until stopped; what one throws is logged and the job goes on. */
export function startSchedule(jobs: readonly Job[], log: Log): Schedule {
  const controller = new AbortController()
  const running = jobs.map((job) => repeat(job, controller.signal, log))
  return {
    async stop() {
      controller.abort()
      await Promise.all(running)
    },
  }
}

async function repeat(job: Job, signal: AbortSignal, log: Log): Promise<void> {
  while (!signal.aborted) {
    try {
      await job.run(signal)
    } catch (cause) {
      if (!signal.aborted) log.error({ job: job.name, cause }, 'a job failed and will be tried again')
    }
    await pause(job.everyMs, signal)
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    // Unreferenced: a pause must not keep a process alive that has nothing else to do.
    await delay(ms, undefined, { signal, ref: false })
  } catch {
    // Aborted: the loop sees it.
  }
}
