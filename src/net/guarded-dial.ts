import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { HttpFailure, type Resolver } from '../core/validation/outbound.ts'
import { formatIpAddress, parseIpAddress } from '../pki/ip-addresses.ts'
import type { AddressGuard } from './address-guard.ts'

/** Addresses of one name that are tried one after the other. */
const mostAddresses = 4

export interface DialOptions {
  readonly resolver: Resolver
  readonly guard: AddressGuard
  readonly dialMs: number
}

/** A connection to a vetted address, encrypted where the URL is https. */
export interface Dialled {
  readonly socket: Socket
  /** `address:port`. */
  readonly address: string
}

/**
 * Connects to the host of a URL: resolved once, special-purpose addresses dropped, then by address, so that a
 * second answer of DNS is never asked for (case D4). The name goes into SNI only.
 *
 * @throws HttpFailure
 */
export async function dial(
  url: URL,
  port: number,
  judgesCertificate: boolean,
  options: DialOptions,
  signal: AbortSignal,
): Promise<Dialled> {
  const host = hostOf(url)
  let failure = new HttpFailure('address-refused')
  for (const address of await vettedAddresses(host, port, options, signal)) {
    try {
      const plain = await connected(address, port, options.dialMs, signal)
      const socket =
        url.protocol === 'https:' ? await encrypted(plain, host, judgesCertificate, signal) : plain
      return { socket, address: `${address}:${port}` }
    } catch (error) {
      if (!(error instanceof HttpFailure) || error.reason !== 'not-connected') throw error
      failure = error
    }
  }
  throw failure
}

/** The host without the brackets of an IPv6 address or a final dot. */
function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname.replace(/\.$/, '')
}

async function vettedAddresses(
  host: string,
  port: number,
  { resolver, guard }: DialOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const literal = parseIpAddress(host)
  const found = literal === undefined ? await addressesOf(host, resolver, signal) : [literal]
  if (found.length === 0) throw new HttpFailure('name-not-resolved')
  return found
    .filter((address) => guard(address, port))
    .slice(0, mostAddresses)
    .map(formatIpAddress)
}

/** Both families; one may fail as long as the other has addresses. */
async function addressesOf(host: string, resolver: Resolver, signal: AbortSignal): Promise<Uint8Array[]> {
  const answers = await Promise.allSettled([
    resolver.resolve(host, 'A', signal),
    resolver.resolve(host, 'AAAA', signal),
  ])
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value.records : []))
  const failed = answers.find((answer) => answer.status === 'rejected')
  if (found.length === 0 && failed !== undefined) {
    throw new HttpFailure('name-not-resolved', { cause: failed.reason })
  }
  return found
}

function connected(address: string, port: number, dialMs: number, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port })
    const release = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      socket.off('error', fail)
    }
    const fail = (cause: unknown) => {
      release()
      // Errors that come after this one have nobody to tell.
      socket.on('error', () => {}).destroy()
      reject(signal.aborted ? signal.reason : new HttpFailure('not-connected', { cause }))
    }
    const abort = () => fail(signal.reason)
    const timer = setTimeout(() => fail(new Error('the address did not answer in time')), dialMs)
    signal.addEventListener('abort', abort, { once: true })
    socket.once('error', fail)
    socket.once('connect', () => {
      release()
      resolve(socket)
    })
  })
}

function encrypted(
  plain: Socket,
  host: string,
  judgesCertificate: boolean,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const named = parseIpAddress(host) === undefined ? { servername: host } : { host }
    const socket = connectTls({
      ...{ socket: plain, ...named, ALPNProtocols: ['http/1.1'] },
      rejectUnauthorized: judgesCertificate,
    })
    const release = () => {
      signal.removeEventListener('abort', abort)
      socket.off('error', fail)
      socket.off('close', fail)
    }
    const fail = (cause: unknown) => {
      release()
      socket.on('error', () => {}).destroy()
      plain.destroy()
      reject(signal.aborted ? signal.reason : new HttpFailure('tls', { cause }))
    }
    const abort = () => fail(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    socket.once('error', fail)
    socket.once('close', fail)
    socket.once('secureConnect', () => {
      release()
      resolve(socket)
    })
  })
}
