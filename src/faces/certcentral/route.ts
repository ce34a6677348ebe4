import type { Resource, Right } from '../../core/identity/permissions.ts'
import type { Call } from './call.ts'
import type { Reply } from './reply.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Names of the parameters in a path: `/user/:id` has `id`. */
export type PathParameter<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathParameter<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** One address of the API with what is asked of whoever calls it. */
export interface Route<Parameter extends string = string> {
  readonly method: Method
  /** Below `/services/v2`, parameters as `:name`: `/order/certificate/:order_id`. */
  readonly path: string
  readonly resource: Resource
  readonly right: Right
  /** How much clients depend on it, A most. */
  readonly tier: 'A' | 'B' | 'C'
  /**
   * `required`: an empty body is `missing_request_data`. `optional`: it is read when there is one. `none`: whatever
   * is sent is ignored. Default: `required` for POST and PUT, `none` for GET and DELETE.
   */
  readonly body?: 'required' | 'optional' | 'none'
  /** `list`: CSV is offered beside JSON and XML. `file`: `Accept` is ignored. Default: `object`. */
  readonly answers?: 'object' | 'list' | 'file'
  /** What is looked at before the body is read, where a path says more than an id; raises what it finds wrong. */
  checkPath?(call: Call<Parameter>): void | Promise<void>
  /** Reads parameters, calls one verb, answers. Raises Refusal for the form of parameters, Fault for all else. */
  handler(call: Call<Parameter>): Reply | Promise<Reply>
}

/** Types the parameters of a route by its path. */
export function defineRoute<const Path extends string>(
  route: Route<PathParameter<Path>> & { readonly path: Path },
): Route {
  return route
}

/** How the body of a route is taken. */
export function bodyOf({ method, body }: Pick<Route, 'method' | 'body'>): 'required' | 'optional' | 'none' {
  return body ?? (method === 'POST' || method === 'PUT' ? 'required' : 'none')
}
