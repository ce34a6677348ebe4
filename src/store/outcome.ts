import type { Event } from '../core/audit/event.ts'
import type { Pending } from './pending.ts'
import type { ProgramTransaction } from './transaction.ts'

/** How a program ended inside its transaction. Nobody is told before that commits. */
export type Outcome =
  | { readonly pending: Pending; readonly result: unknown; readonly transaction: ProgramTransaction }
  | { readonly pending: Pending; readonly error: unknown }

/** A transaction that is durable, for whoever counts. */
export interface Commit {
  /** How many programs shared it. */
  readonly programs: number
  readonly events: readonly Event[]
}

/** Tells every program's caller how it ended. */
export function deliver(outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    if ('error' in outcome) outcome.pending.reject(outcome.error)
    else outcome.pending.resolve(outcome.result)
  }
}

/** What the programs that ended well told, in their order, and whether one changed the configuration. */
export function gather(outcomes: readonly Outcome[]): {
  readonly events: readonly Event[]
  readonly changesConfiguration: boolean
} {
  const events: Event[] = []
  let changesConfiguration = false
  for (const outcome of outcomes) {
    if ('error' in outcome) continue
    for (const event of outcome.transaction.events) events.push(event)
    changesConfiguration ||= outcome.transaction.changesConfiguration
  }
  return { events, changesConfiguration }
}
