import { statSync } from 'node:fs'
import type { Log } from '../core/environment.ts'

/** What to do about a secret that other users of the machine can reach. */
export type PermissionPolicy = 'refuse' | 'warn'

/** Raised at the start when a folder or file is open to other users; the message says what to do. */
export class PermissionError extends Error {
  readonly path: string

  constructor(path: string, message: string) {
    super(message)
    this.name = 'PermissionError'
    this.path = path
  }
}

/**
 * Checks that nobody but its owner can reach a folder (0700) or file (0600). Windows has no such modes: there
 * nothing is checked.
 * @throws PermissionError under the policy `refuse`; under `warn` the log tells it at each start
 */
export function checkPrivate(path: string, policy: PermissionPolicy, log: Log): void {
  if (process.platform === 'win32') return
  const status = statSync(path)
  const open = status.mode & 0o077
  if (open === 0) return
  const mode = (status.mode & 0o777).toString(8).padStart(4, '0')
  const wanted = status.isDirectory() ? '700' : '600'
  const message = `"${path}" has mode ${mode} and is open to other users: run chmod ${wanted} "${path}"`
  if (policy === 'refuse') throw new PermissionError(path, message)
  log.warn({ path, mode }, message)
}
