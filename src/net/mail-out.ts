import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport, type MailMessage } from 'nodemailer'
import type { Environment } from '../core/environment.ts'
import { type Mail, type Mailer, MailFailure } from '../core/validation/outbound.ts'

/** Nothing that stands in a mail makes the library read a file or a URL. */
const closed = { disableFileAccess: true, disableUrlAccess: true } as const

export interface SmtpOptions {
  /** `smtp://` (STARTTLS where the server has it) or `smtps://`, user and password in it, port 587 or 465 by default. */
  readonly url: string
  /** Mail address that mails come from. */
  readonly from: string
  /** Time to connect, for the greeting, and between two lines of the server. Default 10 s. */
  readonly timeoutMs?: number
}

/** Hands mails to an SMTP server, one connection each. */
export class SmtpMailer implements Mailer {
  readonly #transport: ReturnType<typeof createTransport>
  readonly #from: string

  constructor({ url, from, timeoutMs = 10_000 }: SmtpOptions) {
    const { protocol, hostname, port, username, password } = new URL(url)
    const secure = protocol === 'smtps:'
    this.#from = from
    this.#transport = createTransport({
      host: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
      port: port === '' ? (secure ? 465 : 587) : Number(port),
      secure,
      ...(username === ''
        ? {}
        : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
      ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
      ...closed,
    })
    keepLinksWhole(this.#transport)
  }

  async send(mail: Mail): Promise<void> {
    try {
      await this.#transport.sendMail(messageOf(mail, this.#from))
    } catch (cause) {
      throw new MailFailure({ cause, isFinal: refusesRecipient(cause) })
    }
  }
}

/** Whether a server said no to the address for good, and not to us or for now. */
function refusesRecipient(cause: unknown): boolean {
  if (!(cause instanceof Error) || !('command' in cause) || !('responseCode' in cause)) return false
  return cause.command === 'RCPT TO' && Number(cause.responseCode) >= 500
}

/** Where mails go without an SMTP server. */
export interface OutboxOptions {
  /** Made when the first mail is written, mode 0700. */
  readonly folder: string
  readonly from: string
  readonly environment: Pick<Environment, 'clock' | 'random' | 'log'>
}

/** Writes each mail to a file of its own, mode 0600, that mail programs open (RFC 5322). */
export class OutboxMailer implements Mailer {
  readonly #transport = createTransport({ streamTransport: true, buffer: true, ...closed })
  readonly #options: OutboxOptions

  constructor(options: OutboxOptions) {
    this.#options = options
    keepLinksWhole(this.#transport)
  }

  async send(mail: Mail): Promise<void> {
    const { folder, from, environment } = this.#options
    const at = new Date(environment.clock.now()).toISOString().replaceAll(':', '')
    const file = join(folder, `${at}-${Buffer.from(environment.random.bytes(8)).toString('hex')}.eml`)
    try {
      const { message } = await this.#transport.sendMail(messageOf(mail, from))
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await using handle = await open(file, 'wx', 0o600)
      await handle.writeFile(message)
    } catch (cause) {
      throw new MailFailure({ cause })
    }
    // The text stays in the file: it may hold a link that approves.
    environment.log.info({ file, to: mail.to, subject: mail.subject }, 'mail written to the outbox')
  }
}

/** Addresses as objects, so that none is read as a list of several. */
function messageOf({ to, subject, text }: Mail, from: string) {
  return { from: { name: '', address: from }, to: { name: '', address: to }, subject, text }
}

/** ASCII in lines that SMTP takes as they are (RFC 5321 section 4.5.3.1.6). */
const unencoded = /^(?:[\t\x20-\x7e]{0,998}(?:\r?\n|$))*$/

/**
 * Has a transport leave ASCII text as it is. The library encodes every text with a line of more than 76 characters,
 * which breaks a link over lines where a mail is read as a file.
 */
function keepLinksWhole(transport: {
  use(step: 'stream', plugin: (mail: MailMessage, done: (error?: Error | null) => void) => void): unknown
}): void {
  transport.use('stream', ({ data, message }, done) => {
    if (typeof data.text === 'string' && unencoded.test(data.text)) message.getTransferEncoding = () => '7bit'
    done()
  })
}
