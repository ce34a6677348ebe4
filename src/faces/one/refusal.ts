import type { Reason } from './reasons.ts'

/** A reason with what it is about, before it has a language. */
export interface Complaint {
  readonly reason: Reason
  /** What the sentence is about; empty where it is about nothing more. */
  readonly about?: string
  /** Member or parameter at fault: `attributes.subject.common_name`. */
  readonly field?: string
  /** Further members of the error. */
  readonly facts?: Readonly<Record<string, number>>
}

/** A request that is refused by this face itself: all complaints of one step, in the order they are told. */
export class Refusal extends Error {
  readonly complaints: readonly [Complaint, ...Complaint[]]

  constructor(complaints: readonly [Complaint, ...Complaint[]], options?: ErrorOptions) {
    super(complaints.map(({ reason, about }) => `${reason} ${about ?? ''}`).join(', '), options)
    this.name = 'Refusal'
    this.complaints = complaints
  }
}

/** @param about what the sentence is about */
export function refuse(reason: Reason, about?: string): Refusal {
  return new Refusal([about === undefined ? { reason } : { reason, about }])
}

/** A parameter of the query that is refused. */
export function refuseParameter(
  reason: 'parameter_missing' | 'parameter_invalid' | 'parameter_too_small',
  name: string,
): Refusal {
  return new Refusal([{ reason, about: name, field: name }])
}

/** What can be wrong with a member of the body by itself. */
export type MemberReason = Extract<Reason, `member_${string}`>

/** A member of the body that is refused. */
export function refuseMember(reason: MemberReason, name: string): Refusal {
  return new Refusal([{ reason, about: name, field: name }])
}

/** Throws when there is something to complain about. */
export function refuseAll(complaints: readonly Complaint[]): void {
  const [first, ...others] = complaints
  if (first !== undefined) throw new Refusal([first, ...others])
}
