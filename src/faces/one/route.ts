import type { Permission } from '../../core/access/permissions.ts'
import type { Api } from './api.ts'
import type { Call } from './call.ts'
import type { Reply } from './reply.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Names of the parameters in a path: `/user/:id` has `id`. */
export type PathParameter<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathParameter<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** One address with what is asked of whoever calls it. */
export interface Route<Parameter extends string = string, Answer extends Reply = Reply> {
  readonly api: Api
  readonly method: Method
  /** Below the API's prefix, parameters as `:name`: `/v1/certificate/:serial`. */
  readonly path: string
  /** A permission; `member`: any credential that works, `anyone`: none at all. */
  readonly access: Permission | 'member' | 'anyone'
  /** How much clients depend on it, A most. */
  readonly tier: 'A' | 'B' | 'C'
  /**
   * `object`: it has to be one. `optional`: it is read when there is one. `any`: of any JSON type, see
   * `Call.content`. Default: `object` for POST and PUT; whatever comes with GET and DELETE is ignored.
   */
  readonly body?: 'object' | 'optional' | 'any'
  /** It says whether the service is up, and does so in maintenance, too. */
  readonly tellsHealth?: true
  /** A GET that changes something: there is no HEAD of it. */
  readonly hasEffect?: true
  /** Reads parameters, calls one verb, answers. Raises Refusal for the form of parameters, Fault for all else. */
  handler(call: Call<Parameter>): Answer | Promise<Answer>
}

/** Types the parameters of a route by its path, and keeps in its type where it is and what it answers. */
export function defineRoute<
  const A extends Api,
  const M extends Method,
  const Path extends string,
  Answer extends Reply,
>(
  route: Route<PathParameter<Path>, Answer> & Address<A, M, Path>,
): Route<string, Answer> & Address<A, M, Path> {
  return route
}

interface Address<A extends Api, M extends Method, Path extends string> {
  readonly api: A
  readonly method: M
  readonly path: Path
}

/** Whether anything is read of what comes with a request. */
export const takesBody = ({ method, body }: Pick<Route, 'method' | 'body'>): boolean =>
  body !== undefined || method === 'POST' || method === 'PUT'
