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

export function refuse(code: Complaint['code'], about?: string): Refusal {
  return new Refusal([about === undefined ? { code } : { code, about }])
}

/** Throws when there is something to complain about. */
export function refuseAll(complaints: readonly Complaint[]): void {
  const [first, ...others] = complaints
  if (first !== undefined) throw new Refusal([first, ...others])
}
