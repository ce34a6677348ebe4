import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { CommandError } from './command-error.ts'

/** A file to write, by its name in the folder. */
export interface CertificateFile {
  readonly name: string
  readonly content: string
  /** 0600 for keys, 0644 otherwise. */
  readonly mode: number
}

/** What a file is called until everything that belongs to it is there. */
const newName = (name: string): string => `${name}.new`

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
  const unfinished = names.map(newName).find((name) => existsSync(join(folder, name)))
  if (unfinished !== undefined) {
    throw new CommandError(
      `${join(folder, unfinished)} was left by a command that did not end; a certificate may exist for it: move it away, or add --force`,
    )
  }
}

/** A file that is durable beside its place. */
export interface StagedFile {
  /** Puts it in its place, over what is there. */
  finish(): string
  discard(): void
}

/**
 * Writes a file durably beside its place, for what has to be on disk before something irrevocable is done.
 * @throws CommandError
 */
export function stageFile(folder: string, { name, content, mode }: CertificateFile): StagedFile {
  const path = join(folder, name)
  const staged = join(folder, newName(name))
  const guarded = <Result>(act: () => Result): Result => {
    try {
      return act()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      throw new CommandError(`${path} cannot be written (${code})`, { cause: error })
    }
  }
  const discard = () => rmSync(staged, { force: true })
  guarded(() => {
    discard()
    const handle = openSync(staged, 'wx', 0o600)
    try {
      writeFileSync(handle, content)
      fsyncSync(handle)
    } catch (error) {
      discard()
      throw error
    } finally {
      closeSync(handle)
    }
    chmodSync(staged, mode)
    syncFolder(folder)
  })
  return {
    finish: () =>
      guarded(() => {
        renameSync(staged, path)
        syncFolder(folder)
        return path
      }),
    discard,
  }
}

/** Makes new names in a folder durable; systems that cannot sync a folder do it by themselves. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
