import type { CallOptions, Perform } from '../call.ts'
import type {
  Enrollment,
  EnrollmentRequest,
  EnrollmentStatusChange,
  IssueAnswer,
  RedeemRequest,
} from '../contract/index.ts'
import { path } from '../path.ts'
import { nothing, object } from '../reading.ts'

/** The enrollments of Trust Lifecycle Manager: certificates that someone redeems by a code. */
export class Enrollments {
  readonly #perform: Perform

  constructor(perform: Perform) {
    this.#perform = perform
  }

  create(request: EnrollmentRequest, options?: CallOptions): Promise<Enrollment> {
    return this.#perform(
      { method: 'POST', path: '/mpki/api/v1/enrollment', body: request, read: object<Enrollment> },
      options,
    )
  }

  redeem(request: RedeemRequest, options?: CallOptions): Promise<IssueAnswer> {
    return this.#perform(
      { method: 'POST', path: '/mpki/api/v1/enrollment/redeem', body: request, read: object<IssueAnswer> },
      options,
    )
  }

  byCode(code: string, seatId: string, options?: CallOptions): Promise<Enrollment> {
    return this.#perform(
      {
        method: 'GET',
        path: path`/mpki/api/v1/enrollment/${code}`,
        query: { seat_id: seatId },
        read: object<Enrollment>,
      },
      options,
    )
  }

  details(id: string, options?: CallOptions): Promise<Enrollment> {
    return this.#perform(
      { method: 'GET', path: path`/mpki/api/v1/enrollment-details/${id}`, read: object<Enrollment> },
      options,
    )
  }

  changeStatus(id: string, change: EnrollmentStatusChange, options?: CallOptions): Promise<void> {
    return this.#perform(
      { method: 'PUT', path: path`/mpki/api/v1/enrollment/${id}/status`, body: change, read: nothing },
      options,
    )
  }
}
