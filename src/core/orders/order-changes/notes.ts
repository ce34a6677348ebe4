import type { Caller } from '../../audit/caller.ts'
import type { Engine } from '../../engine.ts'
import { Fault } from '../../faults.ts'
import type { Principal } from '../../identity/principal.ts'
import type { Order } from '../order.ts'
import { holdOrder, keepOrder } from './hold-order.ts'

export type OrderNote = Order['notes'][number]

type Parts = Pick<Engine, 'clock' | 'store'>

/** Notes are kept inside their order, which is read whole. */
const mostNotes = 100

/** @throws Fault object_unknown; parameter_invalid where the order has as many as it can hold */
export function addNote(
  { clock, store }: Parts,
  by: Principal,
  reference: string,
  text: string,
  caller: Caller,
): Promise<OrderNote> {
  return store.write(function* (transaction) {
    const held = yield* holdOrder(transaction, by, reference)
    if (held.notes.length >= mostNotes) {
      const reason = `an order holds ${mostNotes} notes at most`
      throw new Fault('parameter_invalid', { parameter: 'text', reason })
    }
    const at = clock.now()
    const note = { id: nextId(held.notes), text, at }
    yield* keepOrder(
      transaction,
      { ...held, notes: [...held.notes, note] },
      { noteAdded: note.id },
      at,
      caller,
    )
    return note
  })
}

/** @throws Fault object_unknown for the order or the note */
export function changeNote(
  { clock, store }: Parts,
  by: Principal,
  reference: string,
  id: number,
  text: string,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdOrder(transaction, by, reference)
    const before = noteOf(held, id)
    const notes = held.notes.map((note) => (note === before ? { ...note, text } : note))
    yield* keepOrder(transaction, { ...held, notes }, { noteChanged: id }, clock.now(), caller)
  })
}

/** @throws Fault object_unknown for the order or the note */
export function removeNote(
  { clock, store }: Parts,
  by: Principal,
  reference: string,
  id: number,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdOrder(transaction, by, reference)
    const removed = noteOf(held, id)
    const notes = held.notes.filter((note) => note !== removed)
    yield* keepOrder(transaction, { ...held, notes }, { noteRemoved: id }, clock.now(), caller)
  })
}

/** @throws Fault object_unknown */
export function noteOf({ notes }: Pick<Order, 'notes'>, id: number): OrderNote {
  const found = notes.find((note) => note.id === id)
  if (found === undefined) throw new Fault('object_unknown', { object: 'note' })
  return found
}

/** Ids count within an order. */
function nextId(notes: readonly OrderNote[]): number {
  return 1 + Math.max(0, ...notes.map(({ id }) => id))
}
