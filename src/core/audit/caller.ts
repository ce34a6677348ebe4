import type { Actor } from './event.ts'

/** On whose behalf a verb runs, for the audit log. */
export interface Caller {
  readonly actor: Actor
  /** Id of the request that brought it, as in log and answer; null outside requests. */
  readonly requestId: string | null
}

/** The program itself: jobs, start and stop. */
export const systemCaller: Caller = { actor: { type: 'system' }, requestId: null }
