import { createSocket, type Socket as DatagramSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import {
  type Answer,
  AUTHENTIC_DATA,
  decode,
  encode,
  type Packet,
  type Question,
  RECURSION_AVAILABLE,
  TRUNCATED_RESPONSE,
} from 'dns-packet'
import type { DnsServer } from '../../src/net/dns-exchange.ts'
import type { Scope } from './tmp.ts'

/** What the server says to one question; undefined: nothing at all. */
export interface Reply {
  readonly answers?: readonly Answer[]
  readonly authorities?: readonly Answer[]
  readonly additionals?: readonly Answer[]
  /** RCODE: 2 is SERVFAIL, 3 NXDOMAIN. */
  readonly rcode?: number
  readonly isAuthenticated?: boolean
  readonly isTruncated?: boolean
  /** Sent in place of a message made of the above. */
  readonly raw?: (query: Packet) => readonly Buffer[]
}

export type Zone = (question: Question, transport: 'udp' | 'tcp') => Reply | undefined

export interface TestDnsServer extends DnsServer {
  /** `name type transport` of every question so far. */
  readonly asked: readonly string[]
  /** Ids and source ports of every query so far. */
  readonly queries: readonly { readonly id: number; readonly port: number; readonly packet: Packet }[]
}

/** A zone from records, with NXDOMAIN for names that own none and an empty answer for other types. */
export function zoneOf(records: readonly Answer[]): Zone {
  return ({ name, type }) => {
    const own = records.filter((record) => record.name === name)
    if (own.length === 0) return { rcode: 3, authorities: [startOfAuthority] }
    const answers = own.filter((record) => record.type === type || record.type === 'CNAME')
    return answers.length > 0 ? { answers } : { authorities: [startOfAuthority] }
  }
}

export const startOfAuthority: Answer = {
  ...{ type: 'SOA', name: 'example', ttl: 600 },
  data: { mname: 'ns.example', rname: 'admin.example', minimum: 120 },
}

/** A DNS server on loopback, by UDP and TCP on one port, closed at the scope's end. */
export async function startDnsServer(scope: Scope, zone: Zone): Promise<TestDnsServer> {
  const asked: string[] = []
  const queries: { id: number; port: number; packet: Packet }[] = []
  const sockets = new Set<Socket>()

  const respond = (message: Buffer, port: number, transport: 'udp' | 'tcp'): readonly Buffer[] => {
    const query = decode(message)
    const [question] = query.questions ?? []
    if (question === undefined) return []
    asked.push(`${question.name} ${question.type} ${transport}`)
    queries.push({ id: query.id ?? 0, port, packet: query })
    const reply = zone(question, transport)
    return reply === undefined ? [] : (reply.raw?.(query) ?? [encodeReply(query, reply)])
  }

  const tcp = createServer((socket) => {
    sockets.add(socket)
    let received = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (part: Buffer) => {
      received = Buffer.concat([received, part])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
      for (const message of respond(received.subarray(2), socket.remotePort ?? 0, 'tcp')) {
        const prefix = Buffer.alloc(2)
        prefix.writeUInt16BE(message.length)
        // In two pieces: nobody may count on a message arriving whole.
        socket.write(prefix.subarray(0, 1))
        setImmediate(() => socket.write(Buffer.concat([prefix.subarray(1), message])))
      }
    })
  })
  const udp = createSocket('udp4')
  udp.on('message', (message, remote) => {
    for (const answer of respond(message, remote.port, 'udp')) udp.send(answer, remote.port, remote.address)
  })
  const port = await bindBoth(tcp, udp)
  scope.after(() => {
    udp.close()
    tcp.close()
    for (const socket of sockets) socket.destroy()
  })
  return { address: '127.0.0.1', port, asked, queries }
}

/** Binds both to one port of loopback that neither protocol has in use, which the system knows of one at a time. */
async function bindBoth(tcp: Server, udp: DatagramSocket): Promise<number> {
  for (;;) {
    tcp.listen(0, '127.0.0.1')
    await once(tcp, 'listening')
    const { port } = tcp.address() as AddressInfo
    udp.bind(port, '127.0.0.1')
    const trouble: { code?: unknown } | undefined = await once(udp, 'listening').then(
      () => undefined,
      (error) => error,
    )
    if (trouble === undefined) return port
    if (trouble.code !== 'EADDRINUSE') throw trouble
    tcp.close()
    await once(tcp, 'close')
  }
}

/** A response to a query, as a message. */
export function encodeReply(query: Packet, reply: Reply): Buffer {
  const flags =
    RECURSION_AVAILABLE |
    (reply.isAuthenticated === true ? AUTHENTIC_DATA : 0) |
    (reply.isTruncated === true ? TRUNCATED_RESPONSE : 0) |
    (reply.rcode ?? 0)
  return encode({
    ...{ type: 'response', id: query.id, flags, questions: query.questions },
    answers: [...(reply.answers ?? [])],
    authorities: [...(reply.authorities ?? [])],
    additionals: [...(reply.additionals ?? [])],
  })
}
