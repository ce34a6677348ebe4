import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request as the server saw it. Times are milliseconds of `performance.now()`. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly receivedAtMs: number
  /** When the reply had been handed over; absent while it has not. */
  readonly repliedAtMs?: number
}

/** What the server does with a request: `reset` breaks the connection, `hang` says nothing, `stall` stops in the body. */
export type Reply =
  | 'reset'
  | 'hang'
  | 'stall'
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      /** Sent as JSON, unless it is text. */
      readonly body?: unknown
    }

/**
 * One run of a scenario.
 *
 * @param number of the request, from 1
 */
export type Script = (request: Seen, number: number) => Reply

export interface ScenarioServer {
  readonly url: string
  readonly requests: readonly Seen[]
  close(): Promise<void>
}

/** Plays a script over HTTP on a free port of this machine. */
export async function startScenario(script: Script): Promise<ScenarioServer> {
  const requests: Seen[] = []
  const server = createServer((request, response) => {
    const receivedAtMs = performance.now()
    let body = ''
    request.setEncoding('utf8').on('data', (text) => {
      body += text
    })
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      const seen = { method, path, headers, body, receivedAtMs }
      const at = requests.push(seen) - 1
      play(script(seen, at + 1), response, () => {
        requests[at] = { ...seen, repliedAtMs: performance.now() }
      })
    })
  })
  // A client that keeps a connection open must not find it closed between two of its attempts.
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function play(reply: Reply, response: ServerResponse, whenReplied: () => void): void {
  if (reply === 'hang') return
  if (reply === 'reset') {
    whenReplied()
    response.socket?.resetAndDestroy()
    return
  }
  if (reply === 'stall') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
    response.write('{"serial_number":', whenReplied)
    return
  }
  const { status, headers = {}, body } = reply
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/html' : 'application/json'
  response.sendDate = !('date' in headers)
  response.writeHead(status, {
    ...(body !== undefined && { 'content-type': type, 'content-length': String(Buffer.byteLength(text)) }),
    ...headers,
  })
  // Before the last byte leaves: the client cannot begin to wait earlier than this.
  whenReplied()
  response.end(text)
}
