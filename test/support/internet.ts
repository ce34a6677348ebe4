import type { Answer } from 'dns-packet'
import type { Outside } from '../../src/core/validation/outside.ts'
import { addressGuard } from '../../src/net/address-guard.ts'
import { DnsClient } from '../../src/net/dns-client.ts'
import { GuardedHttp } from '../../src/net/guarded-http.ts'
import { SmtpMailer } from '../../src/net/mail-out.ts'
import { type Reply, startDnsServer, type TestDnsServer, type Zone, zoneOf } from './dns-server.ts'
import { nothingOutside } from './outside.ts'
import { startSmtpServer, type TestSmtpServer } from './smtp-server.ts'
import type { Scope } from './tmp.ts'
import { startWebServer } from './web-server.ts'

/** A small Internet on loopback: real servers for DNS, HTTP and SMTP, and what a process needs to reach them. */
export interface TestInternet {
  readonly outside: Outside
  /** Records of all zones; tests add and remove what they like. */
  readonly records: Answer[]
  /** What is said of single names in place of their records. */
  readonly replies: Map<string, Reply>
  /** Bodies of `/.well-known/pki-validation/fileauth.txt` by host. Hosts need an address in DNS. */
  readonly files: Map<string, string>
  readonly dns: TestDnsServer
  readonly smtp: TestSmtpServer
  publishTxt(name: string, data: string): void
  publishAlias(name: string, target: string): void
  publishCaa(name: string, value: string, tag?: 'issue' | 'issuewild', flags?: number): void
  /** Serves a file from a host, with the address that the host needs. */
  publishFile(host: string, body: string): void
  /** The link in the last mail to an address. */
  linkTo(address: string): string | undefined
}

export async function startInternet(scope: Scope): Promise<TestInternet> {
  const records: Answer[] = []
  const replies = new Map<string, Reply>()
  const files = new Map<string, string>()
  const fromRecords = zoneOf(records)
  const zone: Zone = (question, transport) => replies.get(question.name) ?? fromRecords(question, transport)
  const dns = await startDnsServer(scope, zone)
  const web = await startWebServer(scope, ({ url, headers }, response) => {
    const body = files.get((headers.host ?? '').replace(/:\d+$/, ''))
    const isFound = url === '/.well-known/pki-validation/fileauth.txt' && body !== undefined
    response.writeHead(isFound ? 200 : 404).end(isFound ? body : 'nothing here')
  })
  const smtp = await startSmtpServer(scope)
  // Everything is answered, however late: tests count questions, and one that is asked again counts twice.
  const [timeoutMs, totalMs] = [60_000, 120_000]
  const resolver = new DnsClient({ servers: [dns], isTrusted: true, timeoutMs, deadlineMs: totalMs })
  const guard = addressGuard({ allowed: ['127.0.0.1'] })
  const http = new GuardedHttp({ resolver, guard, otherPorts: [web.port], dialMs: timeoutMs, totalMs })
  return {
    outside: {
      ...nothingOutside,
      perspectives: { primary: { name: 'primary', resolver, http }, remotes: [] },
      mailer: new SmtpMailer({ url: `smtp://127.0.0.1:${smtp.port}`, from: 'ca@ca.example.test', timeoutMs }),
      notifier: http,
      httpPort: web.port,
    },
    ...{ records, replies, files, dns, smtp },
    publishTxt: (name, data) => void records.push({ type: 'TXT', name, ttl: 60, data }),
    publishAlias: (name, data) => void records.push({ type: 'CNAME', name, ttl: 60, data }),
    publishCaa: (name, value, tag = 'issue', flags = 0) =>
      void records.push({ type: 'CAA', name, ttl: 60, data: { flags, tag, value } }),
    publishFile(host, body) {
      records.push({ type: 'A', name: host, ttl: 60, data: '127.0.0.1' })
      files.set(host, body)
    },
    linkTo(address) {
      const mail = smtp.received.findLast(({ to }) => to.includes(address))
      // Long lines are folded by the transfer encoding.
      const text = mail?.content.replace(/=\r\n/g, '').replace(/=3D/g, '=')
      return /https?:\S+domain-approval\?token=\S+/.exec(text ?? '')?.[0]
    },
  }
}
