import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { HighWater, HighWaterMarks } from '../core/store/high-water.ts'
import { isNodeError } from './node-error.ts'

/** After this time a lock is taken to be left over, whoever holds it: it is held for a few writes only. */
const LOCK_STALE_MS = 5_000
const LOCK_PAUSE_MS = 2

type ChainMark = HighWaterMarks['chains'][string]

/**
 * The marks in a JSON file beside the database. Several processes may raise them at once: each reads, merges
 * and replaces the file under a lock, and a mark never falls. Replacing is write, sync, rename, sync the folder.
 */
export function openHighWaterFile(path: string): HighWater {
  return {
    read: () => readMarks(path),
    raise(marks) {
      const release = lock(`${path}.lock`)
      try {
        const before = readMarks(path)
        const after = merge(before, marks)
        if (after !== before) replace(path, JSON.stringify(after))
      } finally {
        release()
      }
    },
  }
}

/** @throws Error when there is a file that does not hold marks: it must not pass for no marks */
function readMarks(path: string): HighWaterMarks {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return { crlNumbers: {}, chains: {} }
    throw error
  }
  const marks: unknown = parse(text)
  if (!isMarks(marks)) {
    throw new Error(
      `${path} does not hold the marks that tell a restored database; put it back from a backup`,
    )
  }
  return marks
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isMarks(value: unknown): value is HighWaterMarks {
  if (!isObject(value) || !isObject(value.crlNumbers) || !isObject(value.chains)) return false
  return (
    Object.values(value.crlNumbers).every((number) => Number.isSafeInteger(number)) &&
    Object.values(value.chains).every(
      (mark) => isObject(mark) && Number.isSafeInteger(mark.sequence) && typeof mark.hash === 'string',
    )
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The higher of each mark; `before` itself when nothing rises. */
function merge(before: HighWaterMarks, raised: Partial<HighWaterMarks>): HighWaterMarks {
  const crlNumbers: Record<string, number> = { ...before.crlNumbers }
  const chains: Record<string, ChainMark> = { ...before.chains }
  let rises = false
  for (const [mark, number] of Object.entries(raised.crlNumbers ?? {})) {
    if (number <= (crlNumbers[mark] ?? 0)) continue
    crlNumbers[mark] = number
    rises = true
  }
  for (const [chain, mark] of Object.entries(raised.chains ?? {})) {
    if (mark.sequence <= (chains[chain]?.sequence ?? 0)) continue
    chains[chain] = mark
    rises = true
  }
  return rises ? { crlNumbers, chains } : before
}

function replace(path: string, text: string): void {
  const next = `${path}.${process.pid}.new`
  const file = openSync(next, 'w', 0o600)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(next, path)
  syncFolder(dirname(path))
}

/** Makes a rename in a folder durable; systems that cannot sync a folder do it by themselves. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Takes a lock file, which names its holder, waiting for other processes; they hold it for a few milliseconds. */
function lock(path: string): () => void {
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 })
      return () => rmSync(path, { force: true })
    } catch (error) {
      if (!isNodeError(error, 'EEXIST')) throw error
      if (isStale(path)) rmSync(path, { force: true })
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_PAUSE_MS)
    }
  }
}

/** Was it left by a process that died? Callers must not wait for what a crash left behind. */
function isStale(path: string): boolean {
  try {
    const holder = Number(readFileSync(path, 'utf8'))
    // One of our own number is not ours: we hold none while we ask for it.
    if (holder === process.pid || (holder > 0 && !isRunning(holder))) return true
    return Date.now() - statSync(path).mtimeMs > LOCK_STALE_MS
  } catch {
    return false
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !isNodeError(error, 'ESRCH')
  }
}
