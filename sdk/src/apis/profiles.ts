import type { CallOptions, Perform } from '../call.ts'
import type {
  Profile,
  ProfileChanges,
  ProfileQuery,
  ProfileRequest,
  ProfileSummary,
} from '../contract/index.ts'
import { EndpointCaller } from '../endpoint.ts'
import { list, nothing, object } from '../reading.ts'

/** The certificate profiles of Trust Lifecycle Manager. */
export class Profiles {
  readonly #endpoints: EndpointCaller

  constructor(perform: Perform) {
    this.#endpoints = new EndpointCaller(perform)
  }

  details(id: string, options?: CallOptions): Promise<Profile> {
    return this.#endpoints.call('GET /mpki/api/v2/profile/:id', { id }, { read: object }, options)
  }

  list(query?: ProfileQuery, options?: CallOptions): Promise<ProfileSummary[]> {
    return this.#endpoints.call('GET /mpki/api/v2/profile', {}, { query, read: list }, options)
  }

  create(request: ProfileRequest, options?: CallOptions): Promise<Profile> {
    return this.#endpoints.call('POST /mpki/api/v1/profile', {}, { body: request, read: object }, options)
  }

  /** Give `ifMatch` to be refused with 409 when someone else has changed the profile meanwhile. */
  update(id: string, changes: ProfileChanges, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'PUT /mpki/api/v1/profile/:id',
      { id },
      { body: changes, read: nothing },
      options,
    )
  }
}
