import { once } from 'node:events'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { Scope } from './tmp.ts'

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  /** The whole message, as it was sent. */
  readonly content: string
}

export interface TestSmtpServer {
  readonly port: number
  /** Every mail so far. */
  readonly received: readonly ReceivedMail[]
  /** While it is set, no mail is taken. */
  isFailing: boolean
}

/** An SMTP server on 127.0.0.1, closed at the scope's end. */
export async function startSmtpServer(
  scope: Scope,
  options: SMTPServerOptions = {},
): Promise<TestSmtpServer> {
  const received: ReceivedMail[] = []
  const made: TestSmtpServer & { port: number } = { port: 0, received, isFailing: false }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    // Resolvers of the machine have no part in tests.
    disableReverseLookup: true,
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        if (made.isFailing) return done(new Error('451 try later'))
        const { mailFrom, rcptTo } = session.envelope
        received.push({
          from: mailFrom === false ? '' : (mailFrom?.address ?? ''),
          to: rcptTo.map(({ address }) => address),
          content: Buffer.concat(parts).toString(),
        })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  const listener = server.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  scope.after(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on a port')
  made.port = address.port
  return made
}
