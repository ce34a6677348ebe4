import { accessSync, constants, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from './start-error.ts'

/** Files of the data folder. */
export interface DataFolder {
  /** Absolute. */
  readonly path: string
  readonly database: string
  readonly highWater: string
  readonly credentials: string
  readonly rootCertificate: string
}

/**
 * Opens the data folder, or makes it with mode 0700. Whether others may reach what is there already is checked
 * with the master key.
 *
 * @param create whether it may be made
 * @throws StartError
 */
export function openDataFolder(path: string, create: boolean): DataFolder {
  try {
    if (create) mkdirSync(path, { recursive: true, mode: 0o700 })
    if (!statSync(path).isDirectory())
      throw new StartError(`${path} is not a folder: choose another with --data`)
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(explained(path, error), { cause: error })
  }
  return {
    path,
    database: join(path, 'chancery.db'),
    highWater: join(path, 'high-water.json'),
    credentials: join(path, 'credentials.json'),
    rootCertificate: join(path, 'root-ca.pem'),
  }
}

function explained(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  switch (code) {
    case 'ENOENT':
      return `there is no data folder ${path}: run "chancery serve" once to make it, or name another with --data`
    case 'EACCES':
    case 'EPERM':
      return `the data folder ${path} cannot be read and written by this user: change its owner, or name another with --data`
    case 'ENOTDIR':
    case 'EEXIST':
      return `${path} is not a folder: choose another with --data`
    case 'EROFS':
      return `the data folder ${path} is on a disk that cannot be written: choose another with --data`
    default:
      return `the data folder ${path} cannot be used (${code})`
  }
}
