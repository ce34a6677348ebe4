import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface OpensslOptions {
  /** Written to the folder that openssl runs in, so that arguments can name them. */
  readonly files?: Readonly<Record<string, Uint8Array | string>>
  /** Standard input; empty unless given. */
  readonly input?: Uint8Array | string
}

export interface OpensslRun {
  /** Exit status; -1 when a signal or the time limit of a minute ended it. */
  readonly status: number
  readonly stdout: Buffer
  readonly stderr: string
  /** Standard output as text. */
  readonly text: string
}

const version = spawnSync('openssl', ['version'], { encoding: 'utf8' })

/** Value for a test's `skip` option: false where openssl is installed, else the reason. */
export const opensslMissing: string | false =
  version.status === 0 ? false : 'NOT RUN: openssl is not installed'

/** Whether the installed openssl is that version or a later one, such as `atLeastOpenssl(3, 5)` for ML-DSA. */
export function atLeastOpenssl(major: number, minor: number): boolean {
  const [, foundMajor, foundMinor] = /^OpenSSL (\d+)\.(\d+)/.exec(version.stdout ?? '') ?? []
  const [x, y] = [Number(foundMajor), Number(foundMinor)]
  return x > major || (x === major && y >= minor)
}

/**
 * Runs openssl in a folder of its own. Does not block this process, so that a server in it can answer.
 * A refusal is a status, not an exception.
 */
export async function openssl(args: readonly string[], options: OpensslOptions = {}): Promise<OpensslRun> {
  const folder = await mkdtemp(join(tmpdir(), 'chancery-openssl-'))
  try {
    for (const [name, content] of Object.entries(options.files ?? {})) {
      await writeFile(join(folder, name), content, { mode: 0o600 })
    }
    return await run(args, folder, options.input ?? '')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Standard output of a run that has to succeed. Throws with openssl's own words otherwise. */
export async function opensslText(args: readonly string[], options: OpensslOptions = {}): Promise<string> {
  const { status, text, stderr } = await openssl(args, options)
  if (status !== 0) throw new Error(`openssl ${args.join(' ')} ended with ${status}: ${stderr}`)
  return text
}

function run(args: readonly string[], cwd: string, input: Uint8Array | string): Promise<OpensslRun> {
  return new Promise((resolve) => {
    const settings = { cwd, encoding: 'buffer', timeout: 60_000, maxBuffer: 64 * 1024 * 1024 } as const
    const child = execFile('openssl', args, settings, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ status, stdout, stderr: stderr.toString(), text: stdout.toString() })
    })
    // openssl may refuse and end before it has read everything.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}
