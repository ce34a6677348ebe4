import type { CallOptions, Perform } from './call.ts'
import type { Endpoints } from './contract/index.ts'
import { pathOf } from './path.ts'
import { text } from './reading.ts'

type EndpointName = keyof Endpoints

type FileEndpointName = {
  [E in EndpointName]: Endpoints[E] extends { file: string } ? E : never
}[EndpointName]

/** Names of the parameters in a path: `GET /mpki/api/v1/seat/:seat_id` has `seat_id`. */
type PathParameter<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathParameter<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

type Parameters<E extends EndpointName> = { readonly [Name in PathParameter<E>]: string }

type QueryOf<E extends EndpointName> = Endpoints[E] extends { query: infer Query extends object }
  ? Query
  : undefined

type BodyOf<E extends EndpointName> = Endpoints[E] extends { body: infer Body } ? Body : undefined

/** A query may be left out where nothing in it is needed. */
type Needed<E extends EndpointName> = (object extends QueryOf<E>
  ? unknown
  : undefined extends QueryOf<E>
    ? unknown
    : { readonly query: QueryOf<E> }) &
  (undefined extends BodyOf<E> ? unknown : { readonly body: BodyOf<E> })

interface Content<E extends EndpointName> {
  readonly query?: QueryOf<E> | undefined
  readonly body?: BodyOf<E>
  /** A POST that changes nothing. */
  readonly isReading?: boolean
  /** A GET that uses something up. */
  readonly isSpending?: boolean
  /** Reads the body of a 2xx; what it throws makes the call fail as `unreadable`. */
  readonly read: (text: string) => Endpoints[E]['answer']
}

/** Calls endpoints of the contract: nothing is sent or taken for an answer that the contract does not name. */
export class EndpointCaller {
  readonly #perform: Perform

  constructor(perform: Perform) {
    this.#perform = perform
  }

  call<E extends EndpointName>(
    endpoint: E,
    parameters: Parameters<E>,
    content: Content<E> & Needed<E>,
    options?: CallOptions,
  ): Promise<Endpoints[E]['answer']> {
    const { query, body, isReading = false, isSpending = false, read } = content
    const line = lineOf(endpoint, parameters)
    return this.#perform({ ...line, query, body, isReading, isSpending, read }, options)
  }

  /** The text that comes in place of the answer in JSON. @param accept its media type */
  file<E extends FileEndpointName>(
    endpoint: E,
    parameters: Parameters<E>,
    accept: string,
    options?: CallOptions,
  ): Promise<string> {
    return this.#perform({ ...lineOf(endpoint, parameters), accept, read: text }, options)
  }
}

const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const

/** Method and path of a request; parameters become segments of the path. */
function lineOf(endpoint: EndpointName, parameters: Readonly<Record<string, string>>) {
  const method = methods.find((each) => endpoint.startsWith(`${each} `)) ?? 'GET'
  return { method, path: pathOf(endpoint.slice(method.length + 1), parameters) }
}
