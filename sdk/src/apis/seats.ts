import type { CallOptions, Perform } from '../call.ts'
import type {
  Page,
  Seat,
  SeatKey,
  SeatQuery,
  SeatRequest,
  SeatSummary,
  SeatType,
  SeatUpdate,
} from '../contract/index.ts'
import { path } from '../path.ts'
import { list, nothing, object } from '../reading.ts'

/** The seats (who or what certificates are for) of Trust Lifecycle Manager. */
export class Seats {
  readonly #perform: Perform

  constructor(perform: Perform) {
    this.#perform = perform
  }

  details(seatId: string, key: SeatKey, options?: CallOptions): Promise<Seat> {
    return this.#perform(
      { method: 'GET', path: path`/mpki/api/v1/seat/${seatId}`, query: key, read: object<Seat> },
      options,
    )
  }

  list(query?: SeatQuery, options?: CallOptions): Promise<Page<SeatSummary>> {
    return this.#perform(
      { method: 'GET', path: '/mpki/api/v1/seat', query, read: object<Page<SeatSummary>> },
      options,
    )
  }

  create(request: SeatRequest, options?: CallOptions): Promise<Seat> {
    return this.#perform(
      { method: 'POST', path: '/mpki/api/v1/seat', body: request, read: object<Seat> },
      options,
    )
  }

  update(seatId: string, request: SeatUpdate, options?: CallOptions): Promise<void> {
    return this.#perform(
      { method: 'PUT', path: path`/mpki/api/v1/seat/${seatId}`, body: request, read: nothing },
      options,
    )
  }

  /** Revokes the certificates of the seat as well. */
  delete(seatId: string, key: SeatKey, options?: CallOptions): Promise<void> {
    return this.#perform(
      { method: 'DELETE', path: path`/mpki/api/v1/seat/${seatId}`, query: key, read: nothing },
      options,
    )
  }

  types(options?: CallOptions): Promise<SeatType[]> {
    return this.#perform({ method: 'GET', path: '/mpki/api/v1/seat-types', read: list<SeatType> }, options)
  }
}
