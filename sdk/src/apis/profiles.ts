import type { CallOptions, Perform } from '../call.ts'
import type { Profile, ProfileQuery, ProfileRequest } from '../contract/index.ts'
import { path } from '../path.ts'
import { list, nothing, object } from '../reading.ts'

/** The certificate profiles of Trust Lifecycle Manager. */
export class Profiles {
  readonly #perform: Perform

  constructor(perform: Perform) {
    this.#perform = perform
  }

  details(id: string, options?: CallOptions): Promise<Profile> {
    return this.#perform(
      { method: 'GET', path: path`/mpki/api/v2/profile/${id}`, read: object<Profile> },
      options,
    )
  }

  list(query?: ProfileQuery, options?: CallOptions): Promise<Profile[]> {
    return this.#perform({ method: 'GET', path: '/mpki/api/v2/profile', query, read: list<Profile> }, options)
  }

  create(request: ProfileRequest, options?: CallOptions): Promise<Profile> {
    return this.#perform(
      { method: 'POST', path: '/mpki/api/v1/profile', body: request, read: object<Profile> },
      options,
    )
  }

  /** Give `ifMatch` to be refused with 409 when someone else has changed the profile meanwhile. */
  update(id: string, request: ProfileRequest, options?: CallOptions): Promise<void> {
    return this.#perform(
      { method: 'PUT', path: path`/mpki/api/v1/profile/${id}`, body: request, read: nothing },
      options,
    )
  }
}
