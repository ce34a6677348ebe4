import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { pemEncode } from '../../src/pki/pem.ts'
import { makeIssuer } from '../../test/support/issuers.ts'
import { freePort } from '../../test/support/process.ts'
import { type Scope, temporaryFolder } from '../../test/support/tmp.ts'

/** Version of the installed cfssl; undefined where there is none. */
export function cfsslVersion(): string | undefined {
  const { stdout, error } = spawnSync('cfssl', ['version'], { encoding: 'utf8' })
  return error === undefined ? /Version: (\S+)/.exec(stdout)?.[1] : undefined
}

/** A running cfssl. */
export interface Cfssl {
  readonly url: string
  readonly processIds: readonly number[]
}

/**
 * Starts `cfssl serve` with a P-256 CA and no authentication.
 *
 * @param storing whether it stores what it issues, into a SQLite database of its own
 * @returns with the address that signs
 */
export async function startCfsslServe(scope: Scope, storing: boolean): Promise<Cfssl> {
  const folder = temporaryFolder(scope, 'cfssl')
  const issuer = makeIssuer('p-256')
  writeFileSync(join(folder, 'ca.pem'), pemEncode('CERTIFICATE', issuer.certificateDer))
  writeFileSync(join(folder, 'ca-key.pem'), issuer.privateKey.export({ format: 'pem', type: 'sec1' }))
  const profile = {
    expiry: '2160h',
    usages: ['digital signature', 'server auth'],
    ocsp_url: 'http://ca.bench.example/ocsp/1',
    crl_url: 'http://ca.bench.example/crl/1.crl',
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ signing: { default: profile } }))
  const files = ['-ca', 'ca.pem', '-ca-key', 'ca-key.pem', '-config', 'config.json']
  const { port, processIds } = await startCfssl(scope, folder, [
    'serve',
    ...files,
    ...(storing ? ['-db-config', databaseConfiguration(folder)] : []),
  ])
  return { url: `http://127.0.0.1:${port}/api/v1/cfssl/sign`, processIds }
}

/** The body that asks `cfssl serve` for a certificate. */
export function cfsslSignBody(requestDer: Uint8Array): Uint8Array {
  const request = pemEncode('CERTIFICATE REQUEST', requestDer)
  return Buffer.from(JSON.stringify({ certificate_request: request }))
}

/** Starts `cfssl ocspserve` over answers made beforehand; with the address of the responder. */
export async function startCfsslOcspServe(scope: Scope, answers: readonly Uint8Array[]): Promise<Cfssl> {
  const folder = temporaryFolder(scope, 'cfssl-ocsp')
  const lines = answers.map((answer) => Buffer.from(answer).toString('base64'))
  writeFileSync(join(folder, 'answers'), `${lines.join('\n')}\n`)
  const { port, processIds } = await startCfssl(scope, folder, ['ocspserve', '-responses', 'answers'])
  return { url: `http://127.0.0.1:${port}/`, processIds }
}

/** Columns as cfssl's statements name them. Journal and sync are left as its driver has them. */
function databaseConfiguration(folder: string): string {
  const database = new DatabaseSync(join(folder, 'certificates.db'))
  database.exec(`
    create table certificates (
      serial_number blob not null,
      authority_key_identifier blob not null,
      ca_label blob,
      status blob not null,
      reason int,
      expiry timestamp,
      revoked_at timestamp,
      pem blob not null,
      primary key (serial_number, authority_key_identifier)
    );
    create table ocsp_responses (
      serial_number blob not null,
      authority_key_identifier blob not null,
      body blob not null,
      expiry timestamp,
      primary key (serial_number, authority_key_identifier)
    )`)
  database.close()
  const configuration = { driver: 'sqlite3', data_source: join(folder, 'certificates.db') }
  writeFileSync(join(folder, 'database.json'), JSON.stringify(configuration))
  return 'database.json'
}

async function startCfssl(
  scope: Scope,
  cwd: string,
  args: readonly string[],
): Promise<{ readonly port: number; readonly processIds: readonly number[] }> {
  const port = await freePort()
  // Its line for every request would be measured too.
  const quiet = ['-loglevel', '4']
  const child = spawn('cfssl', [...args, '-address', '127.0.0.1', '-port', String(port), ...quiet], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said = (said + text).slice(-4_000)
  })
  const ended = once(child, 'close')
  scope.after(async () => {
    child.kill('SIGKILL')
    await ended
  })
  for (let waitedMs = 0; waitedMs < 30_000 && child.exitCode === null; waitedMs += 50) {
    if (await listens(port)) return { port, processIds: [child.pid ?? -1] }
    await delay(50)
  }
  throw new Error(`cfssl ${args[0]} did not start:\n${said}`)
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
