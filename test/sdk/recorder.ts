import type { Transport } from '../../sdk/src/index.ts'
import { isMembers } from '../../src/faces/json-values.ts'
import { prefixes } from '../../src/faces/one/api.ts'
import type { Call } from '../../src/faces/one/call.ts'
import { Reader } from '../../src/faces/one/reader.ts'
import type { Route } from '../../src/faces/one/route.ts'
import type { TestService } from '../faces/one/service.ts'

/** What the calls of one endpoint said and what its route looked at: `?status` in the query, `seat.seat_id` in the body. */
export interface Exchange {
  readonly sent: Set<string>
  readonly read: Set<string>
  /** Calls that were answered with 2xx. */
  answered: number
}

/** Carries the requests of a client to the routes of a service, and notes what is said and what is read. */
export class Recorder {
  /** By method and path, as the client's contract names endpoints. */
  readonly exchanges = new Map<string, Exchange>()
  /** What the request that is under way says; undefined between requests, and for those of others. */
  #sent: readonly string[] | undefined

  /** The same routes, listened to. */
  around(routes: readonly Route[]): readonly Route[] {
    return routes.map((route) => ({
      ...route,
      handler: async (call: Call) => {
        const sent = this.#sent
        if (sent === undefined) return await route.handler(call)
        const exchange = this.#exchangeOf(route)
        for (const name of sent) exchange.sent.add(name)
        listen(call, (name) => exchange.read.add(name))
        // The face did so before it came here, and was not heard.
        if (route.access !== 'anyone') call.checkAccount()
        const reply = await route.handler(call)
        exchange.answered++
        return reply
      },
    }))
  }

  transport(service: TestService): Transport {
    return async ({ method, url, headers, body }) => {
      const { pathname, search, searchParams } = new URL(url)
      const content: unknown = body === undefined ? undefined : JSON.parse(body)
      this.#sent = [...[...searchParams.keys()].map((name) => `?${name}`), ...memberNames(content)]
      try {
        const request = { method, url: pathname + search, headers } as const
        const answer = await service.send(body === undefined ? request : { ...request, payload: body })
        const header = (name: string) => {
          const value = answer.headers[name]
          return typeof value === 'string' ? value : null
        }
        return { status: answer.status, header, text: async () => answer.text }
      } finally {
        this.#sent = undefined
      }
    }
  }

  #exchangeOf({ method, api, path }: Route): Exchange {
    const name = `${method} ${prefixes[api]}${path}`
    const exchange = this.exchanges.get(name) ?? { sent: new Set(), read: new Set(), answered: 0 }
    this.exchanges.set(name, exchange)
    return exchange
  }
}

type Note = (name: string) => void

/** Puts a body and a query that tell what is asked of them in the place of the call's own. */
function listen(call: Call, note: Note): void {
  const { content, query } = call
  const text = query.text.bind(query)
  const texts = query.texts.bind(query)
  // Everything else that a query is asked goes through these two.
  Object.assign(query, {
    text: (name: string) => {
      note(`?${name}`)
      return text(name)
    },
    texts: (name: string) => {
      note(`?${name}`)
      return texts(name)
    },
  })
  Object.assign(call, {
    body: new Reader(isMembers(content) ? listening(content, '', note) : {}),
    ...(Array.isArray(content) && { content: heard(content, '', note) }),
  })
}

/** Names of members, of those below them with dots, and of those in lists without their places. */
function memberNames(value: unknown, place = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => memberNames(each, place))
  if (!isMembers(value)) return []
  return Object.entries(value).flatMap(([name, each]) => [
    place + name,
    ...memberNames(each, `${place}${name}.`),
  ])
}

/** The same members; whether there is one of a name is what readers ask first. */
function listening(members: Readonly<Record<string, unknown>>, place: string, note: Note) {
  const copy = Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, heard(value, `${place}${name}.`, note)]),
  )
  return new Proxy(copy, {
    getOwnPropertyDescriptor: (target, name) => {
      if (typeof name === 'string') note(place + name)
      return Reflect.getOwnPropertyDescriptor(target, name)
    },
  })
}

function heard(value: unknown, place: string, note: Note): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => heard(each, place, note))
  return isMembers(value) ? listening(value, place, note) : value
}
