import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setDefaultCACertificates } from 'node:tls'
import type { HttpNotifier } from '../../../src/core/validation/outbound.ts'
import { addressGuard } from '../../../src/net/address-guard.ts'
import { DnsClient } from '../../../src/net/dns-client.ts'
import { GuardedHttp } from '../../../src/net/guarded-http.ts'
import { startDnsServer, zoneOf } from '../../support/dns-server.ts'
import { opensslText } from '../../support/openssl.ts'
import type { Scope } from '../../support/tmp.ts'

/** A call that a receiver got. */
export interface Received {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
  /** The body as JSON; tests say what they expect of it. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies are compared member by member
  readonly json: any
}

export interface Receiver {
  readonly endpoint: string
  /** The guarded way out, by which the endpoint can be reached. */
  readonly notifier: HttpNotifier
  readonly calls: Received[]
  /** What is answered next, and from then on. */
  answer: { readonly status: number; readonly echoes: boolean }
}

/** An HTTPS server on loopback under a name of its own, whose certificate this process trusts. */
export async function startReceiver(scope: Scope): Promise<Receiver> {
  const pem = await opensslText([
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=hook.example', '-addext', 'subjectAltName=DNS:hook.example'],
    ...['-keyout', '-', '-out', '-'],
  ])
  setDefaultCACertificates([pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))])
  const calls: Received[] = []
  const server = createServer({ key: pem, cert: pem }, async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
    const body = Buffer.concat(parts).toString()
    calls.push({ headers: request.headers, body, json: JSON.parse(body) })
    response.statusCode = receiver.answer.status
    response.end(receiver.answer.echoes ? body : '')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  scope.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const dns = await startDnsServer(
    scope,
    zoneOf([{ type: 'A', name: 'hook.example', ttl: 60, data: '127.0.0.1' }]),
  )
  const receiver: Receiver = {
    endpoint: `https://hook.example:${port}/chancery`,
    notifier: new GuardedHttp({
      resolver: new DnsClient({ servers: [dns], isTrusted: false }),
      guard: addressGuard({ allowed: ['127.0.0.1'] }),
      otherPorts: [port],
    }),
    calls,
    answer: { status: 200, echoes: true },
  }
  return receiver
}
