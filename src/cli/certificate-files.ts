import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError } from './command-error.ts'

/** A file to write, by its name in the folder. */
export interface CertificateFile {
  readonly name: string
  readonly content: string
  /** 0600 for keys, 0644 otherwise. */
  readonly mode: number
}

/**
 * Refuses before any work is done when a file would be overwritten, or the folder cannot be made.
 *
 * @throws CommandError
 */
export function prepareFolder(folder: string, names: readonly string[], overwrite: boolean): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new CommandError(`the folder ${folder} cannot be made (${code})`, { cause: error })
  }
  if (overwrite) return
  const present = names.find((name) => existsSync(join(folder, name)))
  if (present !== undefined) {
    throw new CommandError(`${join(folder, present)} exists: take another folder with --out, or add --force`)
  }
}

/** Writes files so that none is ever seen half written; returns their paths. */
export function writeFiles(folder: string, files: readonly CertificateFile[]): readonly string[] {
  return files.map(({ name, content, mode }) => {
    const path = join(folder, name)
    const unfinished = `${path}.${process.pid}.tmp`
    try {
      writeFileSync(unfinished, content, { mode: 0o600, flag: 'wx' })
      chmodSync(unfinished, mode)
      renameSync(unfinished, path)
    } catch (error) {
      rmSync(unfinished, { force: true })
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      throw new CommandError(`${path} cannot be written (${code})`, { cause: error })
    }
    return path
  })
}
