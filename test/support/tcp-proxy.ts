import { createConnection, createServer, type Socket } from 'node:net'
import type { Scope } from './tmp.ts'

/** A relay before a TCP server that can break connections at a chosen moment. */
export interface TcpProxy {
  readonly port: number
  /**
   * From now on, bytes from the client that contain the text are passed on, the server's answer is not, and
   * the connection is closed: the client cannot know what became of its request. Once.
   */
  breakAfter(text: string): void
  /** The same, but the bytes are not passed on. */
  breakBefore(text: string): void
  /** Closes every connection and refuses new ones until `resume`. */
  interrupt(): void
  resume(): void
  /** How often a connection was broken as asked. */
  broken(): number
}

export async function startTcpProxy(scope: Scope, target: { host: string; port: number }): Promise<TcpProxy> {
  const open = new Set<Socket>()
  let plan: { readonly text: string; readonly passOn: boolean } | undefined
  let refusing = false
  let broken = 0
  const server = createServer((client) => {
    if (refusing) {
      client.destroy()
      return
    }
    const upstream = createConnection(target)
    let silent = false
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        if (socket === upstream || !silent) client.destroy()
        // A server that got the request is left to carry it out.
        if (!silent) upstream.destroy()
      })
    }
    client.on('data', (bytes) => {
      if (plan !== undefined && bytes.includes(plan.text)) {
        const { passOn } = plan
        plan = undefined
        broken += 1
        silent = true
        if (passOn) upstream.end(bytes)
        else upstream.destroy()
        client.destroy()
        return
      }
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (!silent) client.write(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => {
    for (const socket of open) socket.destroy()
  }
  scope.after(() => {
    stop()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return {
    port: address.port,
    breakAfter: (text) => {
      plan = { text, passOn: true }
    },
    breakBefore: (text) => {
      plan = { text, passOn: false }
    },
    interrupt: () => {
      refusing = true
      stop()
    },
    resume: () => {
      refusing = false
    },
    broken: () => broken,
  }
}
