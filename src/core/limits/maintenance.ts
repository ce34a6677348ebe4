import type { Caller } from '../audit/caller.ts'
import type { Action } from '../audit/event.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { storedJson } from '../stored-json.ts'

/** A time in which the APIs are closed. Status, issuer files, health and documentation go on. */
export interface Maintenance {
  readonly since: Instant
  /** Ends by itself then. */
  readonly until: Instant
  /** What the operator says about it, shown to every caller: one line of text. */
  readonly message: string | null
}

/** The longest that can be asked for at once. */
export const LONGEST_MAINTENANCE_MS = 7 * 24 * 3_600_000
const LONGEST_MESSAGE = 200

type Parts = Pick<Engine, 'clock' | 'store'>

/**
 * Closes the APIs of every process within a second, in place of a maintenance that is under way.
 * @param forMs 1 s to 7 days
 * @param message one line of 1 to 200 characters
 * @throws Fault parameter_invalid (`for`, `message`)
 */
export function beginMaintenance(
  { clock, store }: Parts,
  { forMs, message }: { readonly forMs: number; readonly message: string | null },
  caller: Caller,
): Promise<Maintenance> {
  if (!(forMs >= 1_000 && forMs <= LONGEST_MAINTENANCE_MS)) {
    throw new Fault('parameter_invalid', { parameter: 'for', reason: 'from one second to seven days' })
  }
  const reason = message === null ? undefined : messageDefect(message)
  if (reason !== undefined) throw new Fault('parameter_invalid', { parameter: 'message', reason })
  return store.write(function* (transaction) {
    const since = clock.now()
    const maintenance = { since, until: since + Math.ceil(forMs), message }
    yield* transaction.runtime.setSetting('maintenance', JSON.stringify(maintenance))
    tell(transaction, 'maintenance.begun', since, caller, { until: maintenance.until, message })
    return maintenance
  })
}

/** Why a message cannot be shown to callers as it is; undefined when it can. */
function messageDefect(message: string): string | undefined {
  if (message.trim() === '') return 'it says nothing'
  if (message.length > LONGEST_MESSAGE) return `at most ${LONGEST_MESSAGE} characters`
  if (!message.isWellFormed()) return 'not Unicode text'
  return /[\p{Cc}\p{Zl}\p{Zp}]/u.test(message) ? 'one line, without control characters' : undefined
}

/** Opens the APIs again. @returns what was ended; undefined when nothing was under way */
export function endMaintenance({ clock, store }: Parts, caller: Caller): Promise<Maintenance | undefined> {
  return store.write(function* (transaction) {
    const now = clock.now()
    const present = yield* presentMaintenance(transaction, now)
    if (present === undefined) return undefined
    yield* transaction.runtime.setSetting('maintenance', '')
    tell(transaction, 'maintenance.ended', now, caller, { until: present.until, message: present.message })
    return present
  })
}

/** The maintenance that is under way. */
export function* presentMaintenance(
  view: Pick<View, 'runtime'>,
  now: Instant,
): Program<Maintenance | undefined> {
  const stored = readMaintenance(yield* view.runtime.setting('maintenance'))
  return stored !== undefined && now < stored.until ? stored : undefined
}

/**
 * What stands before every request of an API.
 * @returns raises Fault maintenance while one is under way; asks the store when any process changed something only
 */
export function createMaintenanceGate({ clock, store }: Parts): () => Promise<void> | void {
  let epoch = -1
  let known: Maintenance | undefined
  const look = async () => {
    const current = store.configurationEpoch()
    known = readMaintenance(await store.read((view) => view.runtime.setting('maintenance')))
    epoch = current
    refuse()
  }
  const refuse = () => {
    const left = (known?.until ?? 0) - clock.now()
    if (left <= 0) return
    throw new Fault('maintenance', { retryAfterMs: left, message: known?.message ?? null })
  }
  return () => (store.configurationEpoch() === epoch ? refuse() : look())
}

function tell(
  transaction: Transaction,
  action: Action,
  at: Instant,
  caller: Caller,
  detail: Readonly<Record<string, string | number | null>>,
): void {
  transaction.configurationChanged()
  transaction.record({
    action,
    at,
    actor: caller.actor,
    accountId: null,
    object: 'maintenance',
    requestId: caller.requestId,
    detail,
  })
}

/** Nothing where the text is none of ours: a row that was changed must not close the APIs for ever. */
function readMaintenance(text: string | undefined): Maintenance | undefined {
  const value = storedJson(text ?? '')
  if (typeof value !== 'object' || value === null || !('since' in value && 'until' in value)) return undefined
  const { since, until } = value
  const message = 'message' in value ? value.message : null
  if (typeof since !== 'number' || typeof until !== 'number') return undefined
  if (!(until - since <= LONGEST_MAINTENANCE_MS)) return undefined
  return { since, until, message: typeof message === 'string' ? message.slice(0, LONGEST_MESSAGE) : null }
}
