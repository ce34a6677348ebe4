import type { CallOptions, Perform } from '../call.ts'
import type {
  Page,
  Seat,
  SeatDeletion,
  SeatKey,
  SeatQuery,
  SeatRequest,
  SeatSummary,
  SeatType,
  SeatUpdate,
} from '../contract/index.ts'
import { EndpointCaller } from '../endpoint.ts'
import { list, nothing, object } from '../reading.ts'

/** The seats (who or what certificates are for) of Trust Lifecycle Manager. */
export class Seats {
  readonly #endpoints: EndpointCaller

  constructor(perform: Perform) {
    this.#endpoints = new EndpointCaller(perform)
  }

  details(seatId: string, key: SeatKey, options?: CallOptions): Promise<Seat> {
    return this.#endpoints.call(
      'GET /mpki/api/v1/seat/:seat_id',
      { seat_id: seatId },
      { query: key, read: object },
      options,
    )
  }

  list(query?: SeatQuery, options?: CallOptions): Promise<Page<SeatSummary>> {
    return this.#endpoints.call('GET /mpki/api/v1/seat', {}, { query, read: object }, options)
  }

  create(request: SeatRequest, options?: CallOptions): Promise<Seat> {
    return this.#endpoints.call('POST /mpki/api/v1/seat', {}, { body: request, read: object }, options)
  }

  update(seatId: string, update: SeatUpdate, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'PUT /mpki/api/v1/seat/:seat_id',
      { seat_id: seatId },
      { body: update, read: nothing },
      options,
    )
  }

  /** Revokes the certificates of the seat as well. */
  delete(seatId: string, deletion: SeatDeletion, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'DELETE /mpki/api/v1/seat/:seat_id',
      { seat_id: seatId },
      { query: deletion, read: nothing },
      options,
    )
  }

  types(options?: CallOptions): Promise<SeatType[]> {
    return this.#endpoints.call('GET /mpki/api/v1/seat-types', {}, { read: list }, options)
  }
}
