import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { chancery, startServer } from '../../support/process.ts'
import { temporaryFolder } from '../../support/tmp.ts'
import { type Credentials, credentialsOf, member } from './client.ts'

// One scenario, driven through a client in each language over TLS. The clients know the server by a name that
// leads to 127.0.0.1 for them alone, as a line in /etc/hosts would have it.
const name = 'www.tinycert.test'
const clients = join(import.meta.dirname, '../../clients')
const folder = temporaryFolder({ after }, 'clients')
const hosts = join(folder, 'hosts')
writeFileSync(hosts, `127.0.0.1 ${name}\n`)

const server = await startServer({ after }, { processes: 2, args: ['--tls-name', name] })

interface Language {
  readonly language: string
  readonly command: readonly [string, ...string[]]
  /** Asks for the version, to see whether it is there. */
  readonly probe: readonly [string, ...string[]]
}

const languages: readonly Language[] = [
  { language: 'Node.js', command: [process.execPath, 'client.mjs'], probe: [process.execPath, '--version'] },
  { language: 'Python', command: ['python3', 'client.py'], probe: ['python3', '--version'] },
  { language: 'PHP', command: ['php', 'client.php'], probe: ['php', '--version'] },
  { language: 'Ruby', command: ['ruby', 'client.rb'], probe: ['ruby', '--version'] },
  { language: 'Go', command: ['go', 'run', 'client.go'], probe: ['go', 'version'] },
  {
    language: 'Java',
    command: ['java', `-Djdk.net.hosts.file=${hosts}`, 'Client.java'],
    probe: ['javac', '-version'],
  },
]

for (const { language, command, probe } of languages) {
  const [program, ...args] = probe
  const skip = spawnSync(program, args).status === 0 ? false : `NOT RUN: ${program} is not installed`
  test(`a client in ${language} goes through the whole life of a CA`, { skip }, async (context) => {
    const credentials = await newAccount(language)
    const client = new Client(command, credentials)
    context.after(() => client.stop())
    await wholeLife(client, credentials)
  })
}

async function newAccount(language: string): Promise<Credentials> {
  const email = `${language.replace(/\W/g, '').toLowerCase()}+client@example.test`
  // Every character that encoders treat differently.
  const passphrase = `open *sesame* ~ now! (it's 100% "ü" & €)`
  const file = join(folder, `${email}.txt`)
  writeFileSync(file, passphrase, { mode: 0o600 })
  const create = ['account', 'create', '--email', email, '--passphrase-file', file]
  const { status, stdout, stderr } = await chancery([...create, '--data', server.dataFolder, '--json'])
  assert.equal(status, 0, stderr)
  const key = member(JSON.parse(stdout), 'tinycert_api_key')
  return credentialsOf(JSON.stringify({ email, passphrase, tinycert_api_key: key }))
}

type Parameters = Readonly<Record<string, string>>

async function wholeLife(client: Client, { email, passphrase }: Credentials): Promise<void> {
  const token = String(member(await client.expect('connect', { email, passphrase }), 'token'))
  const call = (endpoint: string, parameters: Parameters = {}) =>
    client.expect(endpoint, { token, ...parameters })
  const refused = async (code: string, endpoint: string, parameters: Parameters = {}) => {
    const { status, document } = await client.call(endpoint, { token, ...parameters })
    assert.notEqual(status, 200)
    assert.equal(member(document, 'code'), code)
  }

  const organization = `Müller & Söhne "GmbH" ~ 50% (it's *)`
  const ca_id = String(
    member(await call('ca/new', { C: 'DE', O: organization, L: '', hash_method: 'sha256' }), 'ca_id'),
  )
  assert.deepEqual(await call('ca/list'), [{ id: Number(ca_id), name: organization }])
  assert.equal(member(await call('ca/details', { ca_id }), 'CN'), `${organization} CA`)
  assert.match(String(member(await call('ca/get', { ca_id, what: 'cert' }), 'pem')), /BEGIN CERTIFICATE/)

  // Eleven, so that numeric and alphabetic order differ.
  const names = Array.from({ length: 11 }, (_, index) => `h${index}.example.test`)
  const cert_id = String(
    member(
      await call('cert/new', {
        ca_id,
        C: 'DE',
        O: organization,
        CN: '*.example.test',
        ...Object.fromEntries(names.map((each, index) => [`SANs[${index}][DNS]`, each])),
        'SANs[11][IP]': '::1',
        'SANs[12][email]': 'a+b@example.test',
        'SANs[13][URI]': 'example.com',
      }),
      'cert_id',
    ),
  )
  assert.deepEqual(member(await call('cert/details', { cert_id }), 'Alt'), [
    ...names.map((each) => ({ DNS: each })),
    { IP: '::1' },
    { email: 'a+b@example.test' },
    { URI: 'example.com' },
  ])
  for (const what of ['cert', 'chain', 'csr', 'key.dec', 'key.enc', 'pkcs12']) {
    const answer = await call('cert/get', { cert_id, what })
    assert.deepEqual(Object.keys(Object(answer)), [what === 'pkcs12' ? 'pkcs12' : 'pem'])
  }
  for (const status of ['hold', 'good', 'revoked', 'good']) {
    assert.deepEqual(await call('cert/status', { cert_id, status }), {})
    const rows: unknown = await call('cert/list', { ca_id, what: '15' })
    assert.ok(Array.isArray(rows))
    assert.deepEqual(
      rows.map((row) => [member(row, 'id'), member(row, 'status')]),
      [[Number(cert_id), status]],
    )
  }
  const renewed = String(member(await call('cert/reissue', { cert_id }), 'cert_id'))
  assert.notEqual(renewed, cert_id)
  await refused('NotLatest', 'cert/reissue', { cert_id })
  await refused('StatusDisallowed', 'cert/status', { cert_id, status: 'revoked' })
  await refused('MissingParameter', 'cert/get', { cert_id: renewed })
  assert.deepEqual(await call('ca/delete', { ca_id }), {})
  await refused('NotFound', 'cert/details', { cert_id: renewed })
  assert.deepEqual(await call('ca/list'), [])
  assert.deepEqual(await call('disconnect'), {})
  await refused('InvalidToken', 'ca/list')
}

/** A client program: calls go in by line, answers come back by line. */
class Client {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>
  #errors = ''

  constructor([program, ...args]: readonly [string, ...string[]], { apiKey }: Credentials) {
    this.#process = spawn(program, args, {
      cwd: clients,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        LC_ALL: 'C.UTF-8',
        // Go compiles into this folder.
        GOCACHE: join(folder, 'go'),
        GOFLAGS: '-mod=mod',
        TINYCERT_URL: `https://${name}:${server.ports.https}/api/v1`,
        TINYCERT_API_KEY: apiKey,
        TINYCERT_CA_FILE: join(server.dataFolder, 'root-ca.pem'),
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#process.stderr?.setEncoding('utf8').on('data', (text) => {
      this.#errors += text
    })
    this.#process.stdin?.on('error', () => {})
    const { stdout } = this.#process
    assert.ok(stdout !== null)
    this.#lines = createInterface({ input: stdout.setEncoding('utf8') })[Symbol.asyncIterator]()
  }

  async call(
    endpoint: string,
    parameters: Parameters,
  ): Promise<{ readonly status: number; readonly document: unknown }> {
    this.#process.stdin?.write(`${[endpoint, ...Object.entries(parameters).flat()].join('\t')}\n`)
    const line = await this.#lines.next()
    if (line.done === true) throw new Error(`the client ended at ${endpoint}: ${this.#errors}`)
    const [status = '', body = ''] = line.value.split('\t')
    return { status: Number(status), document: JSON.parse(body) }
  }

  async expect(endpoint: string, parameters: Parameters): Promise<unknown> {
    const { status, document } = await this.call(endpoint, parameters)
    assert.equal(status, 200, `${endpoint}: ${JSON.stringify(document)}`)
    return document
  }

  stop(): void {
    this.#process.kill('SIGKILL')
  }
}
