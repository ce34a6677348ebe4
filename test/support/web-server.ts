import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Scope } from './tmp.ts'

export interface TestWebServer {
  readonly port: number
  /** Every connection so far. */
  readonly connections: readonly Socket[]
}

/** An HTTP server on 127.0.0.1, closed with its connections at the scope's end. */
export async function startWebServer(scope: Scope, listener: RequestListener): Promise<TestWebServer> {
  const connections: Socket[] = []
  const server = createServer(listener)
  server.on('connection', (socket) => connections.push(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  scope.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { port: (server.address() as AddressInfo).port, connections }
}
