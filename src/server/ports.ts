import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { formatListenAddress, type ListenAddress } from './configuration/address.ts'
import { type Configuration, withListeners } from './configuration/configuration.ts'
import { StartError } from './start-error.ts'

/**
 * Finds out early whether the listeners can be bound, and what port 0 stands for: the addresses written into
 * certificates need the port before anything listens.
 *
 * @throws StartError naming the setting
 */
export async function settlePorts(configuration: Configuration): Promise<Configuration> {
  const opened: Server[] = []
  const settle = async (address: ListenAddress, flag: string): Promise<ListenAddress> => {
    const server = await bind(address, flag)
    opened.push(server)
    return addressOf(server, address)
  }
  try {
    const { metricsListen } = configuration
    return withListeners(configuration, {
      listen: await settle(configuration.listen, '--listen'),
      tlsListen: await settle(configuration.tlsListen, '--tls-listen'),
      clientauthListen: await settleMutual(configuration, settle),
      metricsListen: metricsListen && (await settle(metricsListen, metricsFlag)),
    })
  } finally {
    await Promise.all(opened.map(close))
  }
}

/** Nobody asked for the usual port by name, so a second server on one machine goes without. */
async function settleMutual(
  { clientauthListen, clientauthListenGiven, role }: Configuration,
  settle: (address: ListenAddress, flag: string) => Promise<ListenAddress>,
): Promise<ListenAddress | undefined> {
  if (clientauthListen === undefined || role === 'status') return undefined
  try {
    return await settle(clientauthListen, clientauthFlag)
  } catch (error) {
    if (clientauthListenGiven) throw error
    return undefined
  }
}

export const clientauthFlag = '--clientauth-listen'
export const metricsFlag = '--metrics-listen'

async function bind({ host, port }: ListenAddress, flag: string): Promise<Server> {
  const server = createServer()
  try {
    server.listen({ host, port, exclusive: true })
    await once(server, 'listening')
    return server
  } catch (error) {
    throw listenError(error, { host, port }, flag)
  }
}

function addressOf(server: Server, { host, port }: ListenAddress): ListenAddress {
  const bound = server.address()
  return { host, port: typeof bound === 'object' && bound !== null ? bound.port : port }
}

function close(server: Server): Promise<unknown> {
  server.close()
  return once(server, 'close')
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken: stop the program that uses it, or choose another',
  EACCES: 'may not be bound by this user: take a port from 1024 up, or allow it',
  EADDRNOTAVAIL: 'is not an address of this machine',
  ENOTFOUND: 'is a name that does not resolve here',
}

/** The line for a listener that cannot be bound. */
export function listenError(error: unknown, address: ListenAddress, flag: string): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = reasons[code] ?? `cannot be bound (${code})`
  return new StartError(`${formatListenAddress(address)} ${reason} (${flag})`, { cause: error })
}
