import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Scope, temporaryFolder } from './tmp.ts'

const projectRoot = join(import.meta.dirname, '../..')

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Standard input; empty unless given. */
  readonly input?: string
  readonly cwd?: string
  /** The JavaScript or TypeScript file to run in place of src/main.ts. */
  readonly program?: string
}

export interface CommandResult {
  /** Exit status; -1 when a signal ended the command. */
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs one command line of the program, such as `['account', 'create', '--email', …]`, to its end. */
export async function chancery(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawnProgram(args, options, false)
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  // A command that refuses may end before it has read its input.
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.input ?? '')
  const [status] = await once(child, 'close')
  return { status: typeof status === 'number' ? status : -1, stdout, stderr }
}

export interface ServerOptions {
  /** Further arguments of `serve`. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** An existing data folder; a new one, removed at the scope's end, unless given. */
  readonly dataFolder?: string
  /** Request loops; 1 unless given. */
  readonly processes?: number
  /** Ports to listen on; free ones unless given. Given again after a restart they keep the addresses. */
  readonly ports?: { readonly http: number; readonly https: number }
  /** Until `ready`; three minutes unless given. */
  readonly readyTimeoutMs?: number
  /** The file to run in place of src/main.ts. */
  readonly program?: string
}

/** A running `chancery serve`. */
export interface RunningServer {
  readonly dataFolder: string
  readonly ports: { readonly http: number; readonly https: number }
  /** Such as `http://127.0.0.1:20123`, without a slash at the end. */
  readonly http: string
  readonly https: string
  /** Process id of the one that was started: the supervisor when there are several request loops. */
  readonly pid: number
  /** The facts of the `ready` line of the log. */
  readonly ready: Readonly<Record<string, unknown>>
  /** All it printed so far, standard output and standard error as they came. */
  output(): string
  /** Asks it to drain and end, and gives the exit status; -1 when a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number>
  /** `kill -9` of the whole process group, as a crash of the machine's software would look. */
  kill(): Promise<void>
}

/**
 * Starts `chancery serve` on loopback and waits until its log says `ready`. Whatever still runs at the
 * scope's end is killed. Rejects with all it printed when it ends early or takes too long.
 */
export async function startServer(scope: Scope, options: ServerOptions = {}): Promise<RunningServer> {
  const dataFolder = options.dataFolder ?? join(temporaryFolder(scope, 'data'), 'data')
  const ports = options.ports ?? { http: await freePort(), https: await freePort() }
  const listen = ['--listen', `127.0.0.1:${ports.http}`, '--tls-listen', `127.0.0.1:${ports.https}`]
  const processes = ['--processes', String(options.processes ?? 1)]
  // Any free port, unless a test says where it logs in: servers of parallel tests would take it from each other.
  const given = options.args ?? []
  const login = given.includes('--clientauth-listen') ? [] : ['--clientauth-listen', '127.0.0.1:0']
  const args = ['serve', '--data', dataFolder, ...listen, ...login, ...processes, ...given]

  const child = spawnProgram(args, options, true)
  const ended = new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? -1)))
  const killOnExit = () => killGroup(child)
  process.on('exit', killOnExit)
  void ended.then(() => process.removeListener('exit', killOnExit))
  const kill = async () => {
    killGroup(child)
    await ended
  }
  scope.after(kill)

  const output = collectOutput(child)
  const ready = await waitForReady(child, output, options.readyTimeoutMs ?? 180_000).catch(async (error) => {
    await kill()
    throw error
  })
  return {
    dataFolder,
    ports,
    http: `http://127.0.0.1:${ports.http}`,
    https: `https://127.0.0.1:${ports.https}`,
    pid: child.pid ?? -1,
    ready,
    output,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal)
      return ended
    },
    kill,
  }
}

/**
 * A loopback port that nothing listens on, and that no other call gives until this process ends. Outside the range
 * from which systems choose ports for outgoing connections, so that a client of a parallel test does not take it
 * before the server does.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 17_000)
    const probe = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    await new Promise((resolve) => probe.close(resolve))
    if (await isClaimed(port)) return port
  }
}

/** Takes the UDP port of the same number for this process: nobody talks to it, and only one can have it. */
async function isClaimed(port: number): Promise<boolean> {
  const claim = createSocket('udp4').unref()
  const isOurs = await new Promise<boolean>((resolve) => {
    claim.once('error', () => resolve(false))
    claim.bind({ address: '127.0.0.1', port, exclusive: true }, () => resolve(true))
  })
  if (!isOurs) claim.close()
  return isOurs
}

function spawnProgram(args: readonly string[], options: CommandOptions, ownGroup: boolean): ChildProcess {
  // Settings of the developer's shell must not reach the program under test.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('CHANCERY_') && !name.startsWith('NODE_'),
  )
  return spawn(process.execPath, [options.program ?? join(projectRoot, 'src/main.ts'), ...args], {
    cwd: options.cwd ?? projectRoot,
    env: { ...Object.fromEntries(inherited), ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: ownGroup,
  })
}

/** Nothing survives of a server whose supervisor is gone: its request loops are in its group. */
function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

function collectOutput(child: ChildProcess): () => string {
  let collected = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      collected += text
    })
  }
  return () => collected
}

function waitForReady(
  child: ChildProcess,
  output: () => string,
  timeoutMs: number,
): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`not ready in ${timeoutMs} ms; it printed:\n${output()}`)),
      timeoutMs,
    )
    let rest = ''
    child.stdout?.on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const facts = logLine(line)
        if (facts?.msg === 'ready') {
          clearTimeout(timer)
          resolve(facts)
        }
      }
    })
    child.on('close', (status, signal) => {
      clearTimeout(timer)
      reject(new Error(`ended with ${status ?? signal} before it was ready; it printed:\n${output()}`))
    })
  })
}

/** The facts of a line of the JSON log; undefined for any other line. */
export function logLine(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const facts: unknown = JSON.parse(line)
    return typeof facts === 'object' && facts !== null ? { ...facts } : undefined
  } catch {
    return undefined
  }
}
