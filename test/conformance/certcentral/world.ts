import { generateKeyPairSync, sign } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer } from 'dns-packet'
import { buildCertificationRequest } from '../../../src/pki/csr.ts'
import { encodeName } from '../../../src/pki/names.ts'
import { startDnsServer } from '../../support/dns-server.ts'
import { type HttpAnswer, httpRequest } from '../../support/http.ts'
import { chancery, type RunningServer, startServer } from '../../support/process.ts'
import { type Scope, temporaryFolder } from '../../support/tmp.ts'
import { startWebServer } from '../../support/web-server.ts'

/** Requests of one key in five seconds: more than the conditions need. */
const shortLimit = 300

type TenantName = 'shop' | 'stranger' | 'busy' | 'poor'

/** What the program meets out there: zones and files that conditions change. */
export interface Surroundings {
  /** Records of every zone. */
  readonly records: Answer[]
  /** Bodies of `/.well-known/pki-validation/fileauth.txt` by host. */
  readonly files: Map<string, string>
}

/** The running program, and the world around it. */
export interface World extends Surroundings {
  readonly server: RunningServer
  /** Runs a command on the server's data folder to its end; its standard output as JSON. */
  command(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>>
  /** Accounts, as their administrators. */
  readonly tenants: Readonly<Record<TenantName, Client>>
}

/** An API key at work. */
export class Client {
  readonly #base: string
  readonly key: string
  /** Number of the account. */
  readonly account: number

  constructor(base: string, key: string, account: number) {
    this.#base = base
    this.key = key
    this.account = account
  }

  /** Sends a body as it is when it is a text, else as JSON. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<HttpAnswer> {
    return httpRequest(`${this.#base}${path}`, {
      method,
      headers: { 'x-dc-devkey': this.key, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  }

  /** Does what prepares a condition; its answer has to be a good one. */
  async good(method: string, path: string, body?: unknown): Promise<Members> {
    const answer = await this.call(method, path, body)
    if (answer.status >= 300) {
      throw new Error(`${method} ${path} was answered with ${answer.status}: ${answer.text}`)
    }
    return members(answer.text === '' ? {} : answer.json())
  }

  /** The same server with another key. */
  as(key: string): Client {
    return new Client(this.#base, key, this.account)
  }
}

export type Members = Readonly<Record<string, unknown>>

export function members(value: unknown): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not an object')
  return { ...value }
}

/** The id that an answer gives its object. */
export function idOf(answer: Members, name = 'id'): number {
  const id = answer[name]
  if (typeof id !== 'number') throw new Error(`no ${name} in ${JSON.stringify(answer)}`)
  return id
}

/** The text that an answer has under a name. */
export function textOf(answer: Members, name: string): string {
  const text = answer[name]
  if (typeof text !== 'string') throw new Error(`no ${name} in ${JSON.stringify(answer)}`)
  return text
}

/** Starts the program on a fresh store, with DNS and web servers of our own around it. */
export async function startWorld(scope: Scope, dataFolder: string): Promise<World> {
  const records: Answer[] = []
  const files = new Map<string, string>()
  const dns = await startDnsServer(scope, ({ name, type }) => {
    const own = records.filter((record) => record.name === name)
    return { answers: own.filter((record) => record.type === type || record.type === 'CNAME') }
  })
  const web = await startWebServer(scope, (request, response) => {
    const [host = ''] = (request.headers.host ?? '').split(':')
    const body = files.get(host)
    response.statusCode = body === undefined ? 404 : 200
    response.end(body ?? '')
  })
  const configuration = join(temporaryFolder(scope, 'configuration'), 'config.yaml')
  writeFileSync(configuration, `rates:\n  certcentral:\n    short: ${shortLimit}/5s\n    long: 5000/3m\n`)
  const server = await startServer(scope, {
    dataFolder,
    processes: 2,
    args: [
      ...['--config', configuration],
      ...['--resolver', `127.0.0.1:${dns.port}`],
      ...['--outbound-allow', '127.0.0.1'],
      ...['--dcv-http-port', String(web.port)],
      ...['--caa-identity', caaIdentity],
      ...['--dcv-cname-target', cnameTarget],
    ],
  })
  const command = async (...args: readonly string[]) => {
    const { status, stdout, stderr } = await chancery([...args, '--data', server.dataFolder, '--json'])
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
    return members(JSON.parse(stdout))
  }
  const tenant = async (name: TenantName) => {
    const created = await command('account', 'create', '--email', `${name}@example.test`)
    return new Client(`${server.http}/services/v2`, textOf(created, 'api_key'), idOf(created, 'account_id'))
  }
  const tenants = {
    shop: await tenant('shop'),
    stranger: await tenant('stranger'),
    busy: await tenant('busy'),
    poor: await tenant('poor'),
  }
  return { server, records, files, command, tenants }
}

export const caaIdentity = 'ca.chancery.dev'
export const cnameTarget = 'dcv.chancery.dev'

/** PEM of a P-256 request; its names are not looked at. */
export async function newCsr(): Promise<string> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const request = await buildCertificationRequest(
    {
      subjectDer: encodeName([{ type: '2.5.4.3', value: 'request' }]),
      spkiDer: publicKey.export({ format: 'der', type: 'spki' }),
      sans: [],
      algorithm: 'ecdsa-sha256',
    },
    (bytes) => sign('sha256', bytes, privateKey),
  )
  const base64 = Buffer.from(request).toString('base64').replace(/.{64}/g, '$&\n')
  return `-----BEGIN CERTIFICATE REQUEST-----\n${base64}\n-----END CERTIFICATE REQUEST-----\n`
}
