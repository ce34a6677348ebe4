import type { Complaint } from './codes.ts'

/** A request that is refused by its form: all complaints of one step, in the order they are reported. */
export class Refusal extends Error {
  readonly complaints: readonly [Complaint, ...Complaint[]]

  constructor(complaints: readonly [Complaint, ...Complaint[]], options?: ErrorOptions) {
    super(complaints.map(({ code, about }) => `${code} ${about ?? ''}`).join(', '), options)
    this.name = 'Refusal'
    this.complaints = complaints
  }
}

/** @param cause what was caught, for the log */
export function refuse(code: Complaint['code'], about?: string, cause?: unknown): Refusal {
  return new Refusal([about === undefined ? { code } : { code, about }], { cause })
}

/** Throws when there is something to complain about. */
export function refuseAll(complaints: readonly Complaint[]): void {
  const [first, ...others] = complaints
  if (first !== undefined) throw new Refusal([first, ...others])
}
