import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { type HttpAnswer, type HttpOptions, httpRequest } from '../../support/http.ts'
import { chancery, freePort, type RunningServer, startServer } from '../../support/process.ts'
import { startSmtpServer, type TestSmtpServer } from '../../support/smtp-server.ts'
import { type Scope, temporaryFolder } from '../../support/tmp.ts'

/** Requests of one credential in five seconds: more than the conditions need. */
const shortLimit = 300

const tenantNames = ['harbour', 'stranger', 'busy', 'closed', 'changed'] as const
type TenantName = (typeof tenantNames)[number]

/** The running program, and the world around it. */
export interface World {
  readonly server: RunningServer
  readonly smtp: TestSmtpServer
  /** Base of the listener for client certificates. */
  readonly clientauth: string
  /** Accounts, as their administrators. */
  readonly tenants: Readonly<Record<TenantName, Client>>
  /** Runs a command on the server's data folder to its end; its standard output as JSON. */
  command(...args: readonly string[]): Promise<Members>
  /** Moves the clock of the running program to an instant. */
  moveClock(to: number): Promise<void>
  /** Starts the program that was stopped, at the same addresses. */
  restart(): Promise<RunningServer>
}

/** A credential at work: an API key, or a client certificate. */
export class Client {
  readonly base: string
  readonly key: string
  /** Number of the account. */
  readonly account: number
  readonly #certificate: Pick<HttpOptions, 'cert' | 'key'>

  constructor(
    base: string,
    key: string,
    account: number,
    certificate: Pick<HttpOptions, 'cert' | 'key'> = {},
  ) {
    this.base = base
    this.key = key
    this.account = account
    this.#certificate = certificate
  }

  /** Sends a body as it is when it is a text, else as JSON. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<HttpAnswer> {
    return httpRequest(`${this.base}${path}`, {
      method,
      ...this.#certificate,
      headers: {
        ...(this.key === '' ? {} : { 'x-api-key': this.key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  }

  /** Does what prepares a condition; its answer has to be a good one. */
  async good(method: string, path: string, body?: unknown): Promise<Members> {
    const answer = await this.call(method, path, body)
    if (answer.status >= 300) {
      throw new Error(`${method} ${path} was answered with ${answer.status}: ${answer.text}`)
    }
    return answer.text === '' ? {} : members(answer.json())
  }

  /** The members of a list that is answered, under `items` or alone. */
  async list(path: string): Promise<readonly Members[]> {
    const { status, text } = await this.call('GET', path)
    const read: unknown = JSON.parse(text)
    const items = Array.isArray(read) ? read : members(read).items
    if (status !== 200 || !Array.isArray(items)) throw new Error(`GET ${path} gave ${status}: ${text}`)
    return items.map(members)
  }

  /** The same server with another key; an empty one sends none. */
  as(key: string): Client {
    return new Client(this.base, key, this.account)
  }
}

export type Members = Readonly<Record<string, unknown>>

export function members(value: unknown): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not an object')
  return { ...value }
}

/** The text that an answer has under a name. */
export function textOf(answer: Members | undefined, name: string): string {
  const text = answer?.[name]
  if (typeof text !== 'string') throw new Error(`no ${name} in ${JSON.stringify(answer)}`)
  return text
}

/**
 * Starts the program on a fresh store: TLS with its own certificate, a listener for client certificates, a mail server
 * to hand mails to, and a clock that can be moved.
 */
export async function startWorld(scope: Scope): Promise<World> {
  const folder = temporaryFolder(scope, 'conformance')
  const dataFolder = join(folder, 'data')
  const configuration = join(folder, 'config.yaml')
  writeFileSync(
    configuration,
    `rates:\n  one:\n    short: ${shortLimit}/5s\n    long: 5000/3m\ncertificates:\n  maximum-size: 4KiB\n`,
  )
  const clock = join(folder, 'clock')
  writeFileSync(clock, '0')
  const smtp = await startSmtpServer(scope)
  const clientauthPort = await freePort()
  const options = {
    dataFolder,
    processes: 2,
    env: {
      NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'moved-clock.ts')).href}`,
      MOVED_CLOCK_FILE: clock,
    },
    args: [
      ...['--config', configuration],
      ...['--clientauth-listen', `127.0.0.1:${clientauthPort}`],
      ...['--smtp-url', `smtp://127.0.0.1:${smtp.port}`],
    ],
  }
  const server = await startServer(scope, options)
  const command = async (...args: readonly string[]) => {
    const { status, stdout, stderr } = await chancery([...args, '--data', dataFolder, '--json'])
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
    return members(JSON.parse(stdout))
  }
  return {
    server,
    smtp,
    clientauth: `https://127.0.0.1:${clientauthPort}`,
    tenants: await makeTenants(server.https, command),
    command,
    async moveClock(to) {
      writeFileSync(`${clock}.new`, String(to - Date.now()))
      renameSync(`${clock}.new`, clock)
      // Every request loop has looked by then.
      await delay(1_500)
    },
    restart: () => startServer(scope, { ...options, ports: server.ports }),
  }
}

async function makeTenants(base: string, command: World['command']): Promise<World['tenants']> {
  const tenant = async (name: TenantName) => {
    const created = await command('account', 'create', '--email', `${name}@example.test`)
    return new Client(base, textOf(created, 'api_key'), Number(created.account_id))
  }
  return {
    harbour: await tenant('harbour'),
    stranger: await tenant('stranger'),
    busy: await tenant('busy'),
    closed: await tenant('closed'),
    changed: await tenant('changed'),
  }
}
