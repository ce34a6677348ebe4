import type { prefixes } from '../../src/faces/one/api.ts'
import type { JsonReply, TextReply } from '../../src/faces/one/reply.ts'
import type { routes } from '../../src/faces/one/routes.ts'
import type { Wire } from './wire-types.ts'

type Route = (typeof routes)[number]

/** Method and path, as the client's contract names endpoints: `POST /mpki/api/v1/seat`. */
type NameOf<R extends Route> = R extends Route
  ? `${R['method']} ${(typeof prefixes)[R['api']]}${R['path']}`
  : never

/** Every endpoint of the DigiCert ONE face. */
export type ServedEndpoint = NameOf<Route>

type RouteAt<Endpoint, R extends Route = Route> = R extends Route
  ? Endpoint extends NameOf<R>
    ? R
    : never
  : never

type ReplyAt<Endpoint> = Awaited<ReturnType<RouteAt<Endpoint>['handler']>>

/** The body of success, from the types of what the route's handler returns: undefined for none, and for `{}`. */
export type ServedAnswer<Endpoint> = BodyOf<Exclude<ReplyAt<Endpoint>, TextReply>> | TextAt<Endpoint>

type BodyOf<Reply> =
  Reply extends JsonReply<infer Shown, infer Status>
    ? Status extends 500
      ? never
      : keyof Shown extends never
        ? undefined
        : Wire<Shown>
    : Reply extends { readonly type: 'empty' }
      ? undefined
      : never

/** Text where it is all there is; beside JSON it is a file. */
type TextAt<Endpoint> = [BodyOf<Exclude<ReplyAt<Endpoint>, TextReply>>] extends [never]
  ? Extract<ReplyAt<Endpoint>, TextReply>['text']
  : never

/** Endpoints that give a text in place of JSON to whoever asks for it. */
export type FileEndpoint = {
  [Endpoint in ServedEndpoint]: [Extract<ReplyAt<Endpoint>, TextReply>] extends [never]
    ? never
    : [TextAt<Endpoint>] extends [never]
      ? Endpoint
      : never
}[ServedEndpoint]
