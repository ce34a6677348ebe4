import type { AccountId, Instant } from '../brand.ts'
import type { Store } from '../store/store.ts'
import type { Event } from './event.ts'

/** An event with where it stands: chain and sequence name it for ever. */
export interface LoggedEvent {
  readonly chain: string
  readonly sequence: number
  readonly event: Event
}

/** Which events of an account to look for. */
export interface LogQuery {
  readonly accountId: AccountId
  /** Both ends inclusive. */
  readonly from: Instant
  readonly to: Instant
  readonly matches: (event: Event) => boolean
}

const eventsAPage = 500
/** More than these are not walked for one question. */
const mostWalked = 100_000
/** Events of one chain are in order of their commits, which may differ this much from the order of their times. */
const disorderMs = 60_000

/**
 * Events of an account between two times, newest first. Chains are walked, not indexed: events are written with every
 * certificate and read seldom.
 *
 * @returns undefined when more happened in that time than is walked for one question
 */
export async function accountEvents(
  store: Pick<Store, 'read'>,
  query: LogQuery,
): Promise<readonly LoggedEvent[] | undefined> {
  const heads = await store.read((view) => view.audit.heads())
  const found: LoggedEvent[] = []
  let walked = 0
  for (const { chain, sequence: last } of heads) {
    let after = await sequenceBefore(store, chain, last, query.from - disorderMs)
    while (after < last) {
      const page = await store.read((view) => view.audit.page(chain, after, eventsAPage))
      const events = page.map(({ sequence, body }) => ({ chain, sequence, event: readEvent(body) }))
      const [first] = events
      if (first === undefined || first.event.at > query.to + disorderMs) break
      found.push(...events.filter(({ event }) => isAsked(event, query)))
      walked += events.length
      if (walked > mostWalked) return undefined
      after = events.at(-1)?.sequence ?? last
    }
  }
  return found.sort((a, b) => b.event.at - a.event.at || b.sequence - a.sequence)
}

/** One event of an account by its place. */
export async function accountEvent(
  store: Pick<Store, 'read'>,
  accountId: AccountId,
  chain: string,
  sequence: number,
): Promise<LoggedEvent | undefined> {
  const [row] = await store.read((view) => view.audit.page(chain, sequence - 1, 1))
  if (row === undefined || row.sequence !== sequence) return undefined
  const event = readEvent(row.body)
  return event.accountId === accountId ? { chain, sequence, event } : undefined
}

/** The last sequence of a chain whose event lies before a time; found by halving. */
async function sequenceBefore(
  store: Pick<Store, 'read'>,
  chain: string,
  last: number,
  time: Instant,
): Promise<number> {
  let low = 0
  let high = last
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const [row] = await store.read((view) => view.audit.page(chain, middle - 1, 1))
    if (row !== undefined && readEvent(row.body).at < time) low = middle
    else high = middle - 1
  }
  return low
}

function isAsked(event: Event, { accountId, from, to, matches }: LogQuery): boolean {
  return event.accountId === accountId && event.at >= from && event.at <= to && matches(event)
}

/** The stored text is the canonical JSON of an event that this program wrote; its hash says whether it still is. */
function readEvent(body: string): Event {
  return JSON.parse(body)
}
