import type { Event } from '../../core/audit/event.ts'
import { isMembers } from '../json-values.ts'
import { uuidOf } from './ids.ts'

/** What filters ask of the object of an event; what is undefined is not asked. */
export interface ObjectFilter {
  /** A part of its name, in lower case. */
  readonly name: string | undefined
  readonly seatId: string | undefined
  readonly seatType: string | undefined
}

/** Whether an event tells of an object that is asked for. Where an event does not tell, it is not meant. */
export function isAbout(event: Event, { name, seatId, seatType }: ObjectFilter): boolean {
  if (name === undefined && seatId === undefined && seatType === undefined) return true
  const facts = factsOf(event)
  const ofSeat = facts.seatId ?? facts.seat
  const isNamed =
    name === undefined ||
    nameMembers.some((each) =>
      String(facts[each] ?? '')
        .toLowerCase()
        .includes(name),
    )
  return (
    isNamed &&
    (seatId === undefined || ofSeat === seatId) &&
    (seatType === undefined || (ofSeat !== undefined && facts.type === seatType))
  )
}

const nameMembers = ['name', 'friendlyName', 'seatId', 'seat', 'username'] as const

/** The business unit that an event tells of. */
export function unitOfEvent(event: Event): { readonly id: string } | undefined {
  const facts = factsOf(event)
  const [type, number] = event.object.split(':', 2)
  const unit = type === 'business-unit' ? Number(number) : (facts.businessUnit ?? facts.businessUnitId)
  return typeof unit === 'number' ? { id: uuidOf('business-unit', unit) } : undefined
}

/** What an event says itself, with what it says of its object after the change, or else before it. */
function factsOf({ detail }: Event): Readonly<Record<string, unknown>> {
  return { ...membersIn(detail.before), ...membersIn(detail.after), ...detail }
}

function membersIn(text: unknown): Readonly<Record<string, unknown>> {
  if (typeof text !== 'string' || !text.startsWith('{')) return {}
  const value: unknown = JSON.parse(text)
  return isMembers(value) ? value : {}
}
